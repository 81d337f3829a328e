package io.modelward.jobs;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The signature of a call that starts a job. {@code Modelward-Signature: t=SECONDS,v1=HEX} has the HMAC-SHA256 of
 * {@code SECONDS.BODY} under the key as it is written, and is good for five minutes. {@code X-Hub-Signature-256:
 * sha256=HEX}, as GitHub and Gitea send it, has the HMAC-SHA256 of the body.
 */
final class HookSignature {

    /** How far the time of a call may be from the server's. */
    static final Duration TOLERANCE = Duration.ofMinutes(5);

    private static final Pattern OWN = Pattern.compile("t=([0-9]{1,12}),v1=([0-9a-f]{64})");
    private static final Pattern HUB = Pattern.compile("sha256=([0-9a-f]{64})");

    private HookSignature() {}

    /**
     * What proves a call, when it is proved: a text that is made of what was signed alone, so that a call that is sent
     * again has the same one, whichever header it is sent with; empty when it is not proved.
     */
    static Optional<String> prove(String key, byte[] body, Optional<String> own, Optional<String> hub, Instant now) {
        if (own.isPresent()) {
            Matcher form = OWN.matcher(own.get());
            if (!form.matches()) {
                return Optional.empty();
            }
            OptionalLong at = OptionalLong.of(Long.parseLong(form.group(1)));
            boolean near = Math.abs(now.getEpochSecond() - at.getAsLong()) <= TOLERANCE.toSeconds();
            byte[] signed = (form.group(1) + ".").getBytes(StandardCharsets.UTF_8);
            return near && same(hmac(key, signed, body), form.group(2)) ? Optional.of(form.group(2)) : Optional.empty();
        }
        return hub.map(HUB::matcher)
                .filter(Matcher::matches)
                .filter(form -> same(hmac(key, new byte[0], body), form.group(1)))
                .map(form -> form.group(1));
    }

    private static boolean same(byte[] computed, String told) {
        return MessageDigest.isEqual(computed, HexFormat.of().parseHex(told));
    }

    static byte[] hmac(String key, byte[] before, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update(before);
            return mac.doFinal(body);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has HMAC with SHA-256", impossible);
        }
    }
}
