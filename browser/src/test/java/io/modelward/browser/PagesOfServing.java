package io.modelward.browser;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The pages of endpoints and rollouts, and the forms that move them. */
final class PagesOfServing {

    private static final String ENDPOINT = "/ui/endpoints/{endpoint}";
    private static final String ROLLOUT = "/ui/rollouts/{rollout}";
    private static final String FORM = "a form says what will be done, and the API says nothing of that";

    private PagesOfServing() {}

    static List<PageRow> rows() {
        String endpoint = "/ui/endpoints/" + ExhibitServing.ENDPOINT;
        return Stream.of(
                        List.of(
                                PageRow.of("endpoints", "/ui/endpoints", "Endpoints")
                                        .changing(),
                                PageRow.of(
                                                "endpoint",
                                                ENDPOINT,
                                                exhibit -> endpoint,
                                                exhibit -> "Endpoint " + ExhibitServing.ENDPOINT)
                                        .changing(),
                                PageRow.of(
                                                "rollout",
                                                ROLLOUT,
                                                exhibit -> "/ui/rollouts/"
                                                        + exhibit.serving().rolledBack(),
                                                exhibit -> {
                                                    JsonNode rollout = rollout(
                                                            exhibit,
                                                            exhibit.serving().rolledBack());
                                                    return "Rollout of "
                                                            + rollout.path("endpoint")
                                                                    .asString("") + " to "
                                                            + rollout.path("candidate")
                                                                    .asString("")
                                                            + " ("
                                                            + rollout.path("number")
                                                                    .asInt(0) + ")";
                                                })
                                        .changing(),
                                form("new-endpoint", "/ui/new-endpoint", "/ui/new-endpoint", "Serve a version"),
                                form("flip", ENDPOINT + "/flip", endpoint + "/flip", "Flip iris"),
                                form("roll-back", ENDPOINT + "/rollback", endpoint + "/rollback", "Roll back iris"),
                                form(
                                        "delete-endpoint",
                                        ENDPOINT + "/delete",
                                        endpoint + "/delete",
                                        "Delete " + ExhibitServing.ENDPOINT),
                                form(
                                        "release",
                                        ENDPOINT + "/release",
                                        endpoint + "/release?version=" + ExhibitModels.BROKEN,
                                        "Release " + ExhibitModels.BROKEN + " from quarantine"),
                                form("try", ENDPOINT + "/try", endpoint + "/try", "Try iris"),
                                form(
                                        "start-rollout",
                                        ENDPOINT + "/rollout",
                                        endpoint + "/rollout",
                                        "Start a rollout of iris")),
                        Stream.of("Hold", "Resume", "Promote", "Abort")
                                .map(PagesOfServing::order)
                                .toList())
                .flatMap(List::stream)
                .toList();
    }

    private static PageRow order(String word) {
        String address = "/" + word.toLowerCase(Locale.ROOT);
        Function<Exhibit, String> title = exhibit -> {
            JsonNode rollout = rollout(exhibit, exhibit.serving().held());
            return word + " the rollout of " + rollout.path("endpoint").asString("") + " to "
                    + rollout.path("candidate").asString("");
        };
        return PageRow.of(
                        word.toLowerCase(Locale.ROOT) + "-rollout",
                        ROLLOUT + address,
                        exhibit -> "/ui/rollouts/" + exhibit.serving().held() + address,
                        title)
                .markingNothing(FORM);
    }

    private static JsonNode rollout(Exhibit exhibit, String id) {
        return exhibit.client().told("/api/v1/rollouts/" + id);
    }

    private static PageRow form(String name, String template, String address, String title) {
        return PageRow.of(name, template, exhibit -> address, exhibit -> title).markingNothing(FORM);
    }
}
