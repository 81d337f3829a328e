package io.modelward.browser;

import static io.modelward.browser.ExhibitClient.part;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Every page of the server. A test fails when a page is in no row. */
final class Pages {

    /** What the title of each page ends with. */
    static final String PRODUCT = " - Modelward";

    private static final String FORM = "a form says what will be done, and the API says nothing of that";
    private static final String MODEL = "/ui/models/{namespace}/{name}";
    private static final String VERSION = MODEL + "/versions/{version}";

    /** The version that pages of one version show. */
    private static final String SHOWN = "2.3.0";

    static final List<PageRow> ALL = Stream.of(
                    overview(),
                    models(),
                    formsOfModels(),
                    formsOfVersions(),
                    PagesOfServing.rows(),
                    PagesOfJobs.rows(),
                    PagesOfTracking.rows(),
                    PagesOfRecords.rows())
            .flatMap(List::stream)
            .toList();

    /** Ways in among the pages that answer no page of their own, each with the reason. */
    static final Map<String, String> NO_PAGES = Map.of(
            "/ui", "sends the browser to /ui/",
            "/ui/events", "sends the live parts of pages",
            "/ui/runs/{run}/raw/{path}", "sends the bytes of a picture",
            "/ui/account/tokens/{token}/revoke", "there are no tokens while access control is off",
            "/ui/access/grants/{grant}/remove", "there are no roles while access control is off",
            "/login/start", "sends the browser to the identity provider",
            "/login/callback", "takes the answer of the identity provider and sends the browser on");

    private Pages() {}

    private static List<PageRow> overview() {
        return List.of(
                PageRow.of("overview", "/ui/", "Overview").changing(),
                PageRow.of("login", "/login", "Log in to Modelward")
                        .markingNothing("nothing that the API tells is on the page"));
    }

    private static List<PageRow> models() {
        return List.of(
                PageRow.of("models", "/ui/models", "Models"),
                PageRow.of("model", MODEL, Pages::model, exhibit -> iris(exhibit)),
                PageRow.of("retention", "/ui/retention", "Retention")
                        .markingNothing("there is no rule, and rules are told in words"),
                PageRow.of(
                        "model-retention",
                        MODEL + "/retention",
                        exhibit -> model(exhibit) + "/retention",
                        exhibit -> "Retention of " + iris(exhibit)),
                PageRow.of("version", VERSION, Pages::version, exhibit -> iris(exhibit) + " " + SHOWN),
                PageRow.of(
                        "compare",
                        "/ui/compare",
                        exhibit -> "/ui/compare?model=" + part(iris(exhibit))
                                + "&version=1.2.0&version=2.3.0&version=3.0.0-beta.1",
                        exhibit -> "Compare versions of " + iris(exhibit)));
    }

    private static List<PageRow> formsOfModels() {
        return List.of(
                form("set-alias", MODEL, "/alias", "", name -> "Set an alias of " + name),
                form("delete-alias", MODEL, "/alias-delete", "?alias=champion", name -> "Remove the alias @champion"),
                form("describe", MODEL, "/describe", "", name -> "Describe " + name),
                form("tag", MODEL, "/tag", "", name -> "Tag " + name),
                form("rename", MODEL, "/rename", "", name -> "Rename " + name),
                form("delete", MODEL, "/delete", "", name -> "Delete " + name),
                form("retention-rule", MODEL, "/retention/rule", "", name -> "Set the rule of " + name),
                form(
                        "retention-run",
                        MODEL,
                        "/retention/run",
                        "",
                        name -> "Delete what the rule of " + name + " says"));
    }

    private static List<PageRow> formsOfVersions() {
        return List.of(
                form("describe-version", VERSION, "/describe", "", name -> "Notes on " + name + " " + SHOWN),
                form("tag-version", VERSION, "/tag", "", name -> "Tag " + name + " " + SHOWN),
                form("delete-version", VERSION, "/delete", "", name -> "Delete " + name + " " + SHOWN),
                form("reproduce-version", VERSION, "/reproduce", "", name -> "Reproduce " + name + " " + SHOWN),
                form("hold-version", VERSION, "/hold", "", name -> "Hold " + name + " " + SHOWN),
                form("release-version", VERSION, "/release", "", name -> "Release " + name + " " + SHOWN));
    }

    private static PageRow form(String name, String below, String address, String query, UnaryOperator<String> title) {
        return PageRow.of(
                        name,
                        below + address,
                        exhibit -> (below.equals(MODEL) ? model(exhibit) : version(exhibit)) + address + query,
                        exhibit -> title.apply(iris(exhibit)))
                .markingNothing(FORM);
    }

    private static String iris(Exhibit exhibit) {
        return exhibit.models().iris();
    }

    private static String model(Exhibit exhibit) {
        return ExhibitModels.address(iris(exhibit)).replace("/api/v1", "/ui");
    }

    private static String version(Exhibit exhibit) {
        return model(exhibit) + "/versions/" + SHOWN;
    }

    /** Whether people open what is at this address of a route. */
    static boolean isForPeople(String template) {
        return template.equals("/ui")
                || template.startsWith("/ui/")
                || template.equals("/docs")
                || template.startsWith("/docs/")
                || template.equals("/login")
                || template.startsWith("/login/");
    }
}
