package io.modelward.core.json;

/** Finds text that no Unicode encoding can carry. */
public final class Surrogates {

    private Surrogates() {}

    /** Whether half of a surrogate pair stands alone in this text. */
    public static boolean anyAlone(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }
}
