package io.modelward.pages.tracking;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/** Tells images by their first bytes, whatever their names say. */
final class ImageType {

    /** How many bytes tell the type. */
    static final int LONGEST = 16;

    private static final byte[] PNG = HexFormat.of().parseHex("89504e470d0a1a0a");
    private static final byte[] JPEG = HexFormat.of().parseHex("ffd8ff");

    private ImageType() {}

    /** The media type of a PNG, JPEG, GIF or WebP image. */
    static Optional<String> of(byte[] first) {
        if (begins(first, 0, PNG)) {
            return Optional.of("image/png");
        }
        if (begins(first, 0, JPEG)) {
            return Optional.of("image/jpeg");
        }
        if (begins(first, 0, ascii("GIF87a")) || begins(first, 0, ascii("GIF89a"))) {
            return Optional.of("image/gif");
        }
        return begins(first, 0, ascii("RIFF")) && begins(first, 8, ascii("WEBP"))
                ? Optional.of("image/webp")
                : Optional.empty();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static boolean begins(byte[] bytes, int at, byte[] with) {
        if (bytes.length < at + with.length) {
            return false;
        }
        for (int i = 0; i < with.length; i++) {
            if (bytes[at + i] != with[i]) {
                return false;
            }
        }
        return true;
    }
}
