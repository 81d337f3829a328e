package io.modelward.registry.channel;

import io.modelward.core.json.Json;
import io.modelward.core.notification.MailAddress;
import io.modelward.core.notification.MessageContent.Mail;
import io.modelward.core.webhook.WebhookUrl;
import io.modelward.registry.webhook.WebhookSender;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/** Answers what is lined up, else 200, and notes what it got. */
final class RecordingReceiver implements WebhookSender, MailSender {

    record Got(String host, Map<String, String> headers, JsonNode body) {
        String id() {
            return body.path("id").asString();
        }

        String title() {
            return body.path("title").asString();
        }
    }

    final List<Got> got = new ArrayList<>();
    final Deque<Outcome> answers = new ArrayDeque<>();

    @Override
    public Outcome post(WebhookUrl url, Map<String, String> headers, byte[] body) {
        got.add(new Got(url.host(), headers, Json.parse(new String(body, StandardCharsets.UTF_8), "body")));
        return answers.isEmpty() ? answered(200) : answers.poll();
    }

    @Override
    public void check(WebhookUrl url) {}

    @Override
    public boolean ready() {
        return true;
    }

    @Override
    public Outcome send(MailAddress to, String id, Instant written, Mail mail) {
        return answered(250);
    }

    @Override
    public void close() {}

    List<String> titles() {
        return got.stream().map(Got::title).toList();
    }

    static WebhookSender.Outcome answered(int status) {
        return new WebhookSender.Outcome.Answered(status, "", OptionalLong.empty());
    }
}
