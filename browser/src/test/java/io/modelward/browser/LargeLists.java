package io.modelward.browser;

import static io.modelward.browser.ExhibitClient.part;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** The pages of a large exhibit that list, and how long the server takes for each. */
final class LargeLists {

    /** How much longer than a list the comparison of 200 runs may take. */
    private static final int COMPARED = 3;

    /** What else the machine does is not what is measured, so the best of some tries counts. */
    private static final int TRIES = 20;

    private final LargeExhibit large;
    private final LargeExhibit.Sizes sizes;
    private final Duration soon;

    /** @param soon in which a list is answered */
    LargeLists(LargeExhibit large, LargeExhibit.Sizes sizes, Duration soon) {
        this.large = large;
        this.sizes = sizes;
        this.soon = soon;
    }

    /** The pages, each with the time in which the page has to be answered. */
    private Map<String, Duration> pages() throws IOException {
        String experiment = "/ui/experiments/" + large.experiment();
        String best = "order_by=" + part("metrics.accuracy DESC");
        String model = ExhibitModels.address(LargeExhibit.MODEL).replace("/api/v1", "/ui");
        String middle = (sizes.versions() / 2_000 + 1) + ".10.25";
        List<String> lists = List.of(
                "/ui/",
                "/ui/models",
                "/ui/models?q=model-99",
                "/ui/models?q=nothing-has-this-name",
                "/ui/models?framework=nothing",
                "/ui/models?owner=nobody",
                "/ui/models?alias=champion",
                "/ui/models?tag=team",
                "/ui/models?live=true",
                "/ui/models?sort=change",
                "/ui/models?after=" + part("team-9/model-99"),
                model,
                model + "?below=" + middle,
                model + "/versions/" + middle,
                "/ui/compare?model=" + part(LargeExhibit.MODEL)
                        + "&version=1.0.1&version=1.0.2&version=1.0.3&version=2.0.1&version=2.0.2&version=" + middle,
                "/ui/experiments",
                experiment,
                experiment + "?filter=" + part("params.depth = '6' AND metrics.accuracy > 0.9"),
                experiment + "?" + best,
                experiment + "?page_size=200&" + best,
                experiment + "?page_token=" + part(tokenOfTheMiddle()),
                "/ui/runs/" + large.best(),
                "/ui/find?q=model",
                "/ui/endpoints",
                "/ui/predictions",
                "/ui/audit",
                "/ui/audit?subject=" + part(LargeExhibit.MODEL),
                "/ui/audit?by=nobody",
                "/ui/status");
        Map<String, Duration> pages = new LinkedHashMap<>();
        lists.forEach(page -> pages.put(page, soon));
        pages.put("/ui/runs/compare?run=" + String.join("&run=", runs()), soon.multipliedBy(COMPARED));
        return pages;
    }

    private List<String> runs() throws IOException {
        JsonNode runs = large.client()
                .look("/api/v1/runs?experiment=" + large.experiment() + "&page_size=200")
                .path("runs");
        return StreamSupport.stream(runs.spliterator(), false)
                .map(run -> run.path("run").asString(""))
                .toList();
    }

    /** The token of the page in the middle of all runs. */
    private String tokenOfTheMiddle() throws IOException {
        String path = "/api/v1/runs?experiment=" + large.experiment() + "&page_size=1000";
        String token = "";
        for (int page = 0; page < sizes.runs() / 2_000; page++) {
            token = large.client()
                    .look(path + (token.isEmpty() ? "" : "&page_token=" + part(token)))
                    .path("next_page_token")
                    .asString("");
        }
        return token;
    }

    /** The pages that are answered too late, the latest first, each with its best time. */
    List<String> late() throws IOException {
        record Late(String page, Duration best) {}
        List<Late> late = new ArrayList<>();
        for (Map.Entry<String, Duration> page : pages().entrySet()) {
            Duration best = best(page.getKey(), page.getValue());
            if (best.compareTo(page.getValue()) >= 0) {
                late.add(new Late(page.getKey(), best));
            }
        }
        return late.stream()
                .sorted(Comparator.comparing(Late::best).reversed())
                .map(one -> one.best().toMillis() + " ms: "
                        + one.page().substring(0, Math.min(200, one.page().length())))
                .toList();
    }

    private Duration best(String page, Duration enough) throws IOException {
        Duration best = took(page);
        for (int turn = 1; turn < TRIES && best.compareTo(enough) >= 0; turn++) {
            Duration took = took(page);
            best = took.compareTo(best) < 0 ? took : best;
        }
        return best;
    }

    private Duration took(String page) throws IOException {
        long start = System.nanoTime();
        HttpResponse<String> answer = large.client().send("GET", page, null, "");
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        if (answer.statusCode() != 200) {
            throw new IOException(page + " answered " + answer.statusCode() + ": " + answer.body());
        }
        return took;
    }
}
