package io.modelward.registry.publish;

import io.modelward.core.signature.Finding;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Findings of a comparison as members of a problem. */
public final class Findings {

    private Findings() {}

    /** Each as {@code {path, what, verdict}}. */
    public static List<Map<String, String>> json(List<Finding> findings) {
        return findings.stream()
                .<Map<String, String>>map(finding -> new TreeMap<>(Map.of(
                        "path", finding.path(),
                        "what", finding.what(),
                        "verdict", finding.verdict().name().toLowerCase(Locale.ROOT))))
                .toList();
    }
}
