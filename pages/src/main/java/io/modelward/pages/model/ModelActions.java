package io.modelward.pages.model;

import io.modelward.core.access.Action;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.version.AliasName;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.core.version.SemVer;
import io.modelward.pages.frame.ActionForm;
import io.modelward.pages.frame.Actions;
import io.modelward.pages.frame.Section;
import io.modelward.pages.frame.Words;
import io.modelward.registry.alias.AliasService;
import io.modelward.registry.alias.AliasService.Expectation;
import io.modelward.registry.model.ModelService;
import io.modelward.registry.model.VersionStateService;
import io.modelward.registry.version.VersionService;
import io.modelward.registry.version.VersionService.VersionWithProvenance;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.FormFields;
import io.modelward.server.http.HttpRoute;
import java.util.List;
import java.util.Optional;

/** What people change of models and versions: aliases, descriptions, tags, names, and deleting. */
public final class ModelActions {

    private static final String MODEL = "/ui/models/{namespace}/{name}";
    private static final String VERSION = VersionPage.ADDRESS;

    private final Actions actions;
    private final ModelService models;
    private final VersionService versions;
    private final VersionStateService states;
    private final AliasService aliases;

    public ModelActions(
            Actions actions,
            ModelService models,
            VersionService versions,
            VersionStateService states,
            AliasService aliases) {
        this.actions = actions;
        this.models = models;
        this.versions = versions;
        this.states = states;
        this.aliases = aliases;
    }

    public void open(HttpRoute.Table routes) {
        actions.open(routes, MODEL + "/alias", Action.RELEASE, this::aliasForm, this::setAlias);
        actions.open(routes, MODEL + "/alias-delete", Action.RELEASE, this::aliasDeleteForm, this::deleteAlias);
        actions.open(routes, MODEL + "/describe", Action.DESCRIBE, this::describeForm, (exchange, fields) -> {
            ModelName name = ModelPages.name(exchange);
            models.describe(name, fields.text("description").orElse(""), exchange.actor(), reason(fields));
            return Words.link(name);
        });
        actions.open(routes, MODEL + "/tag", Action.DESCRIBE, this::tagForm, (exchange, fields) -> {
            ModelName name = ModelPages.name(exchange);
            if (fields.ticked("remove")) {
                models.deleteTag(name, fields.required("key"), exchange.actor(), reason(fields));
            } else {
                models.setTag(name, tag(fields), exchange.actor(), reason(fields));
            }
            return Words.link(name);
        });
        actions.open(routes, MODEL + "/rename", Action.DELETE, this::renameForm, (exchange, fields) -> {
            ModelName to = ModelName.parse(fields.required("to"));
            models.rename(ModelPages.name(exchange), to, exchange.actor(), reason(fields));
            return Words.link(to);
        });
        actions.open(routes, MODEL + "/delete", Action.DELETE, this::deleteForm, (exchange, fields) -> {
            ModelName name = ModelPages.name(exchange);
            requireTyped(fields, name.toString());
            models.delete(name, exchange.actor(), reason(fields));
            return "/ui/models";
        });
        actions.open(routes, VERSION + "/describe", Action.DESCRIBE, this::describeVersionForm, (exchange, fields) -> {
            states.describe(
                    ModelPages.name(exchange),
                    exact(exchange),
                    fields.text("description").orElse(""),
                    exchange.actor(),
                    reason(fields));
            return link(exchange);
        });
        actions.open(routes, VERSION + "/tag", Action.DESCRIBE, this::tagVersionForm, (exchange, fields) -> {
            ModelName name = ModelPages.name(exchange);
            if (fields.ticked("remove")) {
                states.deleteTag(name, exact(exchange), fields.required("key"), exchange.actor(), reason(fields));
            } else {
                states.setTag(name, exact(exchange), tag(fields), exchange.actor(), reason(fields));
            }
            return link(exchange);
        });
        actions.open(routes, VERSION + "/delete", Action.DELETE, this::deleteVersionForm, (exchange, fields) -> {
            ModelName name = ModelPages.name(exchange);
            requireTyped(fields, exchange.path("version"));
            states.delete(name, exact(exchange), exchange.actor(), reason(fields));
            return Words.link(name);
        });
    }

    private static String reason(FormFields fields) {
        return fields.text("reason").orElse("");
    }

    private static KeyValue tag(FormFields fields) {
        return new KeyValue(fields.required("key"), fields.text("value").orElse(""));
    }

    /** What is taken away is named once more, so that nobody takes away another thing than they mean. */
    private static void requireTyped(FormFields fields, String name) {
        if (!fields.text("confirm").orElse("").strip().equals(name)) {
            throw ProblemException.invalid("confirm", "Write " + name + " to show that you mean it.");
        }
    }

    private static Selector exact(Exchange exchange) {
        return new Selector.Exact(SemVer.parse(exchange.path("version")));
    }

    private static String link(Exchange exchange) {
        return Words.link(ModelPages.name(exchange), exchange.path("version"));
    }

    private static ActionForm form(String title, String address, String submit, String back) {
        return ActionForm.of(Section.MODELS, title, address, submit, back);
    }

    private ActionForm aliasForm(Exchange exchange) {
        ModelName name = ModelPages.name(exchange);
        String link = Words.link(name);
        String alias = exchange.query("alias").orElse("");
        List<AliasService.MoveView> now = aliases.list(name);
        Optional<AliasService.MoveView> current =
                now.stream().filter(move -> move.move().alias().equals(alias)).findFirst();
        ActionForm form = form("Set an alias of " + name, link + "/alias" + named(alias), "Set the alias", link)
                .saying("Whoever asks for the alias gets the version that you name, from the next request on.")
                .saying("Endpoints do not move: an endpoint serves the version that it was given.");
        if (current.isPresent()) {
            form = form.saying("Now @" + alias + " is "
                            + current.get()
                                    .version()
                                    .map(version -> version.version().toString())
                                    .orElse("nothing") + ".")
                    .hidden("sequence", Long.toString(current.get().move().sequence()));
        }
        return form.text("alias", "Alias", alias, "Such as champion.", true)
                .text(
                        "version",
                        "Version",
                        exchange.query("version").orElse(""),
                        "A number such as 1.2.0, latest, or another alias with @.",
                        true)
                .reason();
    }

    /** A form that is refused is made anew from its address, so the address names the alias. */
    private static String named(String alias) {
        return alias.isEmpty() ? "" : "?alias=" + Words.query(alias);
    }

    private String setAlias(Exchange exchange, FormFields fields) {
        ModelName name = ModelPages.name(exchange);
        aliases.set(
                name,
                AliasName.parse(fields.required("alias").replaceFirst("^@", "")),
                Selector.parse(fields.required("version")),
                expected(fields),
                exchange.actor(),
                reason(fields));
        return Words.link(name) + "#aliases";
    }

    /** A form that was opened before somebody else moved the alias moves nothing. */
    private static Expectation expected(FormFields fields) {
        return fields.number("sequence").stream()
                .<Expectation>mapToObj(Expectation.Sequence::new)
                .findFirst()
                .orElse(new Expectation.Any());
    }

    private ActionForm aliasDeleteForm(Exchange exchange) {
        ModelName name = ModelPages.name(exchange);
        String link = Words.link(name);
        String alias = exchange.query("alias").orElse("");
        return form("Remove the alias @" + alias, link + "/alias-delete" + named(alias), "Remove the alias", link)
                .saying("Whoever asks for @" + alias + " of " + name + " gets an error from then on.")
                .saying("The history of the alias is kept.")
                .hidden("alias", alias)
                .reason()
                .dangerous();
    }

    private String deleteAlias(Exchange exchange, FormFields fields) {
        ModelName name = ModelPages.name(exchange);
        aliases.delete(
                name,
                AliasName.parse(fields.required("alias")),
                new Expectation.Any(),
                exchange.actor(),
                reason(fields));
        return Words.link(name) + "#aliases";
    }

    private ActionForm describeForm(Exchange exchange) {
        ModelName name = ModelPages.name(exchange);
        String link = Words.link(name);
        return form("Describe " + name, link + "/describe", "Save the description", link)
                .lines(
                        "description",
                        "Description",
                        versions.model(name).model().description(),
                        "Markdown with tables. The first line is what lists show.")
                .reason();
    }

    private ActionForm tagForm(Exchange exchange) {
        ModelName name = ModelPages.name(exchange);
        String link = Words.link(name);
        return tagFields(form("Tag " + name, link + "/tag", "Save the tag", link));
    }

    private static ActionForm tagFields(ActionForm form) {
        return form.saying("A tag of the same key is replaced.")
                .text("key", "Key", "", "Such as team.", true)
                .text("value", "Value", "", "", false)
                .tick("remove", "Remove the tag of this key", "")
                .reason();
    }

    private ActionForm renameForm(Exchange exchange) {
        ModelName name = ModelPages.name(exchange);
        String link = Words.link(name);
        return form("Rename " + name, link + "/rename", "Rename the model", link)
                .saying("Versions, aliases, endpoints and history stay with the model.")
                .saying("Clients that use the old name get an error from then on.")
                .text("to", "New name", name.toString(), "namespace/name, or a name in the namespace default.", true)
                .reason();
    }

    private ActionForm deleteForm(Exchange exchange) {
        ModelName name = ModelPages.name(exchange);
        String link = Words.link(name);
        long count = versions.model(name).versions();
        return form("Delete " + name, link + "/delete", "Delete the model", link)
                .saying("The model and its " + Words.counted(count, "version")
                        + " are in no list any more, and no client finds" + " them.")
                .saying("A model that serves at an endpoint is not deleted.")
                .saying("modelward undelete " + name + " brings the model back.")
                .text("confirm", "Name of the model", "", "Write " + name + " to show that you mean it.", true)
                .reason()
                .dangerous();
    }

    private ActionForm describeVersionForm(Exchange exchange) {
        VersionWithProvenance version = versions.version(ModelPages.name(exchange), exact(exchange));
        String link = link(exchange);
        return form(
                        "Notes on " + ModelPages.name(exchange) + " " + exchange.path("version"),
                        link + "/describe",
                        "Save the notes",
                        link)
                .saying("The card of a version never changes. Notes stand beside the card.")
                .lines("description", "Notes", version.state().description(), "Markdown with tables.")
                .reason();
    }

    private ActionForm tagVersionForm(Exchange exchange) {
        String link = link(exchange);
        return tagFields(form(
                "Tag " + ModelPages.name(exchange) + " " + exchange.path("version"),
                link + "/tag",
                "Save the tag",
                link));
    }

    private ActionForm deleteVersionForm(Exchange exchange) {
        String number = exchange.path("version");
        String link = link(exchange);
        return form("Delete " + ModelPages.name(exchange) + " " + number, link + "/delete", "Delete the version", link)
                .saying(
                        "The version is in no list any more, no client finds it, and aliases that point to it are removed.")
                .saying("A version that serves at an endpoint is not deleted. The number is not given again.")
                .saying("What it answered can still be traced.")
                .text("confirm", "Number of the version", "", "Write " + number + " to show that you mean it.", true)
                .reason()
                .dangerous();
    }
}
