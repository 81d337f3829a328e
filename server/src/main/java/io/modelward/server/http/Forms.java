package io.modelward.server.http;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which form problems have at an address: that of the longest beginning that one was said for. */
record Forms(List<Map.Entry<String, ProblemForm>> longestFirst) {

    static Forms of(Map<String, ProblemForm> below) {
        return new Forms(below.entrySet().stream()
                .sorted(Comparator.comparing(form -> -form.getKey().length()))
                .toList());
    }

    /** @param path null when the request line names none, as that of CONNECT */
    ProblemForm at(@Nullable String path) {
        for (Map.Entry<String, ProblemForm> form : longestFirst) {
            if (path != null && path.startsWith(form.getKey())) {
                return form.getValue();
            }
        }
        return ProblemForm.NATIVE;
    }
}
