package io.modelward.registry.webhook;

import io.modelward.core.webhook.Webhook;
import io.modelward.core.webhook.WebhookUrl;
import io.modelward.store.data.SecretBox;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Posts one delivery as MLflow does: {@code X-MLflow-Signature} is {@code v1,} and the Base64 of HMAC-SHA256 over
 * {@code <delivery id>.<timestamp>.<body>} under the webhook's secret.
 */
public final class Posting {

    private static final String HMAC = "HmacSHA256";

    private final WebhookSender sender;
    private final SecretBox secrets;

    public Posting(WebhookSender sender, SecretBox secrets) {
        this.sender = sender;
        this.secrets = secrets;
    }

    WebhookSender.Outcome post(Webhook webhook, String id, String body, Instant now) {
        return post(webhook.url(), webhook.id(), webhook.secret(), id, body, now);
    }

    /**
     * Posts to a URL.
     *
     * @param owner for whom the secret was sealed
     * @param sealed the secret; empty: the delivery is not signed
     * @param id the same at each try
     */
    public WebhookSender.Outcome post(
            WebhookUrl url, String owner, Optional<String> sealed, String id, String body, Instant now) {
        Map<String, String> headers = new LinkedHashMap<>();
        String timestamp = Long.toString(now.getEpochSecond());
        headers.put("Content-Type", "application/json");
        headers.put("X-MLflow-Delivery-Id", id);
        headers.put("X-MLflow-Timestamp", timestamp);
        if (sealed.isPresent()) {
            Optional<String> secret = secrets.open(owner, sealed.get());
            if (secret.isEmpty()) {
                // Unsigned, it would be taken for a forgery, or worse, not be.
                return new WebhookSender.Outcome.Failed(
                        "The webhook's secret cannot be read any more. Set it again.", false);
            }
            headers.put("X-MLflow-Signature", "v1," + hmac(secret.get(), id + "." + timestamp + "." + body));
        }
        return sender.post(url, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    static String hmac(String secret, String text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), HMAC));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
