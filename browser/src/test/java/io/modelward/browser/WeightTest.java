package io.modelward.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Request;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a browser loads before a page is pleasant. */
@Tag("process")
@ExtendWith(Shared.class)
class WeightTest {

    private static final Set<String> KINDS = Set.of("script", "stylesheet");
    private static final int MOST = 60_000;

    @Test
    void scripts_and_styles_of_all_pages_are_light_and_are_kept_by_browsers(Shared shared) {
        Exhibit exhibit = shared.plain();
        Map<String, Integer> bytes = new HashMap<>();
        Map<String, String> kept = new HashMap<>();
        try (Visit visit = shared.visit(exhibit, Look.LIGHT)) {
            visit.page().onRequestFinished(request -> {
                if (KINDS.contains(request.resourceType()) && !isCached(request)) {
                    bytes.put(request.url(), request.sizes().responseBodySize);
                }
            });
            for (PageRow row : Pages.ALL) {
                visit.open(row, exhibit);
                visit.trouble();
            }
            bytes.keySet()
                    .forEach(url -> kept.put(
                            url, visit.page().request().get(url).headers().getOrDefault("cache-control", "")));
        }
        assertThat(bytes).isNotEmpty();
        assertThat(bytes.values().stream().mapToInt(Integer::intValue).sum())
                .as(bytes.toString())
                .isPositive()
                .isLessThan(MOST);
        assertThat(kept.values()).as(kept.toString()).allMatch(header -> header.contains("max-age="));
    }

    private static boolean isCached(Request request) {
        return request.sizes().responseBodySize == 0;
    }
}
