package io.modelward.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.modelward.browser.Person.within;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.modelward.core.json.Json;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.node.ObjectNode;

/** What people change at an endpoint, each move at an endpoint of its own. */
@Tag("process")
@ExtendWith(Shared.class)
class MovesTest {

    private static final String ENDPOINT = "journey";
    private static final String PAGE = "/ui/endpoints/" + ENDPOINT;
    private static final String API = "/api/v1/endpoints/" + ENDPOINT;
    private static final String MODEL = "default/iris";
    private static final String STRICT = "journeys/strict";
    private static final String BEFORE = "2.2.0";
    private static final String AFTER = "2.3.0";

    private ExhibitClient client;
    private Visit visit;
    private Person person;
    private Page page;

    @BeforeEach
    void open(Shared shared) throws IOException {
        client = shared.plain().client();
        client.made("PUT", API, Json.object().put("model", MODEL).put("version", BEFORE));
        visit = shared.visit(shared.plain(), Look.LIGHT);
        person = new Person(visit);
        page = person.open(PAGE);
    }

    @AfterEach
    void close() throws IOException {
        visit.close();
        client.made("DELETE", API, Json.object());
    }

    /** The dialog that a button of the page opens. */
    private Locator dialog() {
        Locator dialog = person.named(AriaRole.DIALOG, "Action");
        assertThat(dialog).isVisible();
        return dialog;
    }

    private static Locator field(Locator part, String label) {
        return part.getByLabel(label, new Locator.GetByLabelOptions().setExact(true));
    }

    private void serves(String version) throws IOException {
        // The history of the page has the versions of before, too, so the server is asked until it has moved.
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!client.look(API).path("model_version").asString().equals(version) && System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        assertThat(client.look(API).path("model_version").asString()).isEqualTo(version);
        assertThat(person.link(MODEL + " " + version)).isVisible();
    }

    @Test
    void a_broken_canary_is_started_in_the_dialog_and_the_page_says_by_itself_that_it_was_rolled_back(Shared shared)
            throws IOException {
        person.link("Start a rollout").click();
        Locator dialog = dialog();
        assertThat(dialog).containsText("Requests move from " + BEFORE + " to the candidate step by step.");
        field(dialog, "Candidate").fill(ExhibitModels.BROKEN);
        dialog.getByLabel("Steps, % of the requests").fill("40, 100");
        dialog.getByLabel("Least time in each step").fill("0ms");
        dialog.getByLabel("Least requests to the candidate in each step").fill("50");
        dialog.getByLabel("Reason").fill("retrained on narrow petals");
        try (Callers _ = new Callers(shared, ENDPOINT)) {
            within(dialog, AriaRole.BUTTON, "Start the rollout").click();
            assertThat(person.heading("Rollout of " + ENDPOINT + " to " + ExhibitModels.BROKEN))
                    .isVisible();
            page.evaluate("() => { window.sinceTheStart = true; }");
            assertThat(page.getByText("ROLLED_BACK", new Page.GetByTextOptions().setExact(true)))
                    .isVisible();
        }
        assertThat(page.evaluate("() => window.sinceTheStart"))
                .as("the page was not loaded anew")
                .isEqualTo(true);
        String rollout = page.url().substring(page.url().lastIndexOf('/') + 1);
        assertThat(client.look("/api/v1/rollouts/" + rollout).path("state").asString())
                .isEqualTo("ROLLED_BACK");
        assertThat(page.getByRole(AriaRole.MAIN)).containsText("retrained on narrow petals");
        assertThat(page.getByText("crossed").first()).isVisible();
        person.link(ENDPOINT).click();
        serves(BEFORE);
        assertThat(person.named(AriaRole.REGION, "Quarantine")).containsText(ExhibitModels.BROKEN);
        person.had_no_trouble();
    }

    @Test
    void a_flip_and_a_rollback_say_first_what_they_will_do_and_show_the_version_after() throws IOException {
        serves(BEFORE);
        person.link("Flip").click();
        Locator flip = dialog();
        assertThat(flip).containsText("All requests go to the version that you choose, at once");
        assertThat(flip).containsText("Now " + MODEL + " " + BEFORE + " answers.");
        field(flip, "Version").fill(AFTER);
        field(flip, "Reason").fill("better on the last week");
        within(flip, AriaRole.BUTTON, "Flip").click();
        serves(AFTER);
        // The way back, with the keyboard only.
        person.reach(person.link("Roll back"), "Tab");
        person.press("Enter");
        Locator back = dialog();
        assertThat(back).containsText("All requests go back from " + AFTER + " to " + MODEL + " " + BEFORE);
        Locator reason = field(back, "Reason");
        person.reach(reason, "Tab");
        person.type("callers complained");
        person.press("Enter");
        serves(BEFORE);
        Locator history = person.named(AriaRole.TABLE, "Route revisions, the newest first");
        assertThat(history).containsText("better on the last week");
        assertThat(history).containsText("callers complained");
        person.had_no_trouble();
    }

    @Test
    void a_form_without_its_reason_is_refused_and_keeps_what_was_filled_in() throws IOException {
        person.link("Flip").click();
        Locator flip = dialog();
        field(flip, "Version").fill(AFTER);
        field(flip, "Change the contract too").check();
        within(flip, AriaRole.BUTTON, "Flip").click();
        Locator reason = field(flip, "Reason");
        assertThat(reason).isFocused();
        assertThat((Boolean) reason.evaluate("field => field.validity.valueMissing"))
                .isTrue();
        // A browser takes a blank for a reason. The server does not.
        reason.fill(" ");
        within(flip, AriaRole.BUTTON, "Flip").click();
        assertThat(flip.getByRole(AriaRole.ALERT)).containsText("reason");
        assertThat(reason).hasAttribute("aria-invalid", "true");
        assertThat(reason).isFocused();
        assertThat(field(flip, "Version")).hasValue(AFTER);
        assertThat(field(flip, "Change the contract too")).isChecked();
        assertThat(client.look(API).path("model_version").asString()).isEqualTo(BEFORE);
        reason.fill("better on the last week");
        within(flip, AriaRole.BUTTON, "Flip").click();
        serves(AFTER);
        person.had_no_trouble_but(400);
    }

    @Test
    void a_version_that_breaks_the_contract_is_refused_without_script_too(Shared shared) throws IOException {
        publish("1.0.0", 4, shared.files().forest(0));
        publish("2.0.0", 6, shared.files().forest(1));
        client.made("PUT", API + "-strict", Json.object().put("model", STRICT).put("version", "1.0.0"));
        try (Visit bare = shared.visit(shared.plain(), Look.WITHOUT_SCRIPT)) {
            Person reader = new Person(bare);
            Page endpoint = reader.open(PAGE + "-strict");
            reader.link("Flip").click();
            reader.field("Version").fill("2.0.0");
            reader.field("Reason").fill("takes two more lengths");
            reader.button("Flip").click();
            assertThat(endpoint.getByRole(AriaRole.ALERT)).containsText("breaks the contract");
            assertThat(reader.field("Version")).hasAttribute("aria-invalid", "true");
            assertThat(reader.field("Version")).hasValue("2.0.0");
            assertThat(reader.field("Reason")).hasValue("takes two more lengths");
            reader.had_no_trouble_but(422);
        } finally {
            client.made("DELETE", API + "-strict", Json.object());
        }
    }

    /** Publishes a version that takes rows of this width. */
    private void publish(String version, int width, byte[] forest) throws IOException {
        String draft = client.made("POST", ExhibitModels.address(STRICT) + "/drafts", Json.object())
                .path("id")
                .asString();
        client.put("/api/v1/drafts/" + draft + "/files/model.joblib", forest);
        ObjectNode wish = Json.object().put("version", version);
        ObjectNode card = wish.putObject("card").put("framework", "scikit-learn");
        card.putObject("input_schema")
                .put("type", "array")
                .put("minItems", width)
                .put("maxItems", width)
                .putObject("items")
                .put("type", "number");
        client.made("POST", "/api/v1/drafts/" + draft + "/publish", wish);
    }
}
