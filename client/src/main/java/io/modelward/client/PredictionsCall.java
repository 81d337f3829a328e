package io.modelward.client;

import io.modelward.core.version.ModelName;
import java.time.Instant;
import java.util.Optional;

/**
 * Which records of predictions are asked for; what is empty does not matter.
 *
 * @param version a selector of the model, which is needed then
 * @param status {@code answered}, {@code failed} or an HTTP status
 */
public record PredictionsCall(
        Optional<String> endpoint,
        Optional<ModelName> model,
        Optional<String> version,
        Optional<Instant> since,
        Optional<Instant> until,
        Optional<String> status) {

    Address on(Address address) {
        endpoint.ifPresent(text -> address.query("endpoint", text));
        model.ifPresent(name -> address.query("model", name.toString()));
        version.ifPresent(text -> address.query("version", text));
        since.ifPresent(time -> address.query("since", time.toString()));
        until.ifPresent(time -> address.query("until", time.toString()));
        status.ifPresent(text -> address.query("status", text));
        return address;
    }
}
