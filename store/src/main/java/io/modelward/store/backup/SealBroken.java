package io.modelward.store.backup;

import java.io.IOException;

/** That an encrypted file does not open: it was changed, is cut off, or lies in the place of another. */
public final class SealBroken extends IOException {

    private static final long serialVersionUID = 1;

    SealBroken() {
        super("an encrypted file was changed, is cut off, or lies in the place of another");
    }
}
