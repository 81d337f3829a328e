package io.modelward.server.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Certificates and private keys as text (RFC 7468): {@code CERTIFICATE}, {@code PRIVATE KEY} (PKCS #8), {@code RSA
 * PRIVATE KEY} (PKCS #1) and {@code EC PRIVATE KEY} (SEC 1).
 */
final class Pem {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----", Pattern.DOTALL);

    private Pem() {}

    /** The text is not what was expected; the message says what is wrong, and holds nothing of the text. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed(String message) {
            super(message);
        }
    }

    /** All certificates of a text, at least one, in their order. */
    static List<X509Certificate> certificates(byte[] text) throws Malformed {
        List<X509Certificate> found = new ArrayList<>();
        Matcher block = BLOCK.matcher(new String(text, StandardCharsets.ISO_8859_1));
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            while (block.find()) {
                if (block.group(1).equals("CERTIFICATE")) {
                    found.add((X509Certificate)
                            factory.generateCertificate(new ByteArrayInputStream(decode(block.group(2)))));
                }
            }
        } catch (CertificateException broken) {
            throw new Malformed("holds a certificate that cannot be read");
        }
        if (found.isEmpty()) {
            throw new Malformed("holds no certificate (BEGIN CERTIFICATE)");
        }
        return found;
    }

    /**
     * The private key of a text.
     *
     * @param owner the public key that it belongs to
     * @throws Malformed also when it belongs to another one
     */
    static PrivateKey key(byte[] text, PublicKey owner) throws Malformed {
        String pem = new String(text, StandardCharsets.ISO_8859_1);
        if (pem.contains("ENCRYPTED")) {
            throw new Malformed("is encrypted; the server asks for no password. Decrypt the key with"
                    + " `openssl pkey -in KEY -out PLAIN` and let only the server's user read the file");
        }
        Matcher block = BLOCK.matcher(pem);
        while (block.find()) {
            byte[] bytes = decode(block.group(2));
            switch (block.group(1)) {
                case "PRIVATE KEY" -> {
                    return belonging(bytes, owner);
                }
                // Both lack the name of the algorithm, which the certificate's key has.
                case "RSA PRIVATE KEY", "EC PRIVATE KEY" -> {
                    return belonging(pkcs8(bytes, owner), owner);
                }
                default -> {}
            }
        }
        throw new Malformed("holds no private key (BEGIN PRIVATE KEY)");
    }

    private static PrivateKey belonging(byte[] pkcs8, PublicKey owner) throws Malformed {
        try {
            PrivateKey key =
                    KeyFactory.getInstance(owner.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            if (fits(key, owner)) {
                return key;
            }
        } catch (InvalidKeySpecException other) {
            // A key of another algorithm, or none at all: the sentence below holds for both.
        } catch (GeneralSecurityException unknown) {
            throw new Malformed("is of a kind that this server does not know; use RSA, EC or Ed25519");
        }
        throw new Malformed("does not belong to the first certificate, or cannot be read");
    }

    private static boolean fits(PrivateKey key, PublicKey owner) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(
                switch (owner.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> owner.getAlgorithm();
                });
        byte[] sample = "a sample".getBytes(StandardCharsets.UTF_8);
        signature.initSign(key);
        signature.update(sample);
        byte[] signed = signature.sign();
        signature.initVerify(owner);
        signature.update(sample);
        return signature.verify(signed);
    }

    private static byte[] decode(String base64) throws Malformed {
        try {
            return Base64.getMimeDecoder().decode(base64.strip());
        } catch (IllegalArgumentException broken) {
            throw new Malformed("holds a block that is not base64");
        }
    }

    /** RFC 5958: a version, the algorithm as the public key has it, and the key. */
    private static byte[] pkcs8(byte[] key, PublicKey owner) throws Malformed {
        byte[] info = owner.getEncoded();
        // A SEQUENCE whose first part is the algorithm, itself a SEQUENCE of fewer than 128 bytes.
        int at = 2 + ((info[1] & 0x80) == 0 ? 0 : info[1] & 0x7f);
        if (info[0] != 0x30 || info[at] != 0x30 || info[at + 1] < 0) {
            throw new Malformed("is of a kind that this server does not know; write it as PKCS #8");
        }
        ByteArrayOutputStream parts = new ByteArrayOutputStream();
        parts.writeBytes(new byte[] {2, 1, 0});
        parts.write(info, at, 2 + info[at + 1]);
        parts.writeBytes(der(0x04, key));
        return der(0x30, parts.toByteArray());
    }

    private static byte[] der(int tag, byte[] value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (value.length < 0x80) {
            out.write(value.length);
        } else {
            out.write(0x82);
            out.write(value.length >> 8);
            out.write(value.length);
        }
        out.writeBytes(value);
        return out.toByteArray();
    }
}
