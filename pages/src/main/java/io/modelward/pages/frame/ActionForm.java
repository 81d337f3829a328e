package io.modelward.pages.frame;

import io.modelward.core.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The page of one action: what the action will do, its fields, and a button. The page opens in a dialog where scripts
 * run.
 *
 * @param says what happens when the button is pressed, a sentence each
 * @param post where the form is sent
 * @param back the page that the action belongs to
 * @param danger whether the action takes something away
 * @param problem why it could not be done, when it was tried
 */
public record ActionForm(
        Section section,
        String title,
        List<String> says,
        List<FieldView> fields,
        String post,
        String submit,
        String back,
        boolean danger,
        Optional<Problem> problem) {

    /** A page without fields. */
    public static ActionForm of(Section section, String title, String post, String submit, String back) {
        return new ActionForm(section, title, List.of(), List.of(), post, submit, back, false, Optional.empty());
    }

    /** How a field is filled in. */
    public enum Kind {
        TEXT,
        LINES,
        NUMBER,
        CHOICE,
        TICK,
        /** Never shown again. */
        SECRET,
        HIDDEN
    }

    /**
     * A field.
     *
     * @param options what may be chosen; of a text, what is offered
     * @param hint what a person should know before they fill it in; may be empty
     */
    public record FieldView(
            String name, String label, Kind kind, String value, List<String> options, String hint, boolean required) {}

    public ActionForm saying(String sentence) {
        List<String> more = new ArrayList<>(says);
        more.add(sentence);
        return new ActionForm(section, title, List.copyOf(more), fields, post, submit, back, danger, problem);
    }

    public ActionForm with(FieldView field) {
        List<FieldView> more = new ArrayList<>(fields);
        more.add(field);
        return new ActionForm(section, title, says, List.copyOf(more), post, submit, back, danger, problem);
    }

    public ActionForm text(String name, String label, String value, String hint, boolean required) {
        return with(new FieldView(name, label, Kind.TEXT, value, List.of(), hint, required));
    }

    /** A text that is needed, for which some values are offered. */
    public ActionForm offering(String name, String label, String value, List<String> options, String hint) {
        return with(new FieldView(name, label, Kind.TEXT, value, options, hint, true));
    }

    public ActionForm lines(String name, String label, String value, String hint) {
        return with(new FieldView(name, label, Kind.LINES, value, List.of(), hint, false));
    }

    public ActionForm choice(String name, String label, String value, List<String> options, String hint) {
        return with(new FieldView(name, label, Kind.CHOICE, value, options, hint, true));
    }

    public ActionForm tick(String name, String label, String hint) {
        return with(new FieldView(name, label, Kind.TICK, "", List.of(), hint, false));
    }

    /** A box that is ticked already. */
    public ActionForm ticked(String name, String label, boolean is) {
        return with(new FieldView(name, label, Kind.TICK, is ? "on" : "", List.of(), "", false));
    }

    public ActionForm secret(String name, String label, String hint) {
        return with(new FieldView(name, label, Kind.SECRET, "", List.of(), hint, false));
    }

    public ActionForm hidden(String name, String value) {
        return with(new FieldView(name, "", Kind.HIDDEN, value, List.of(), "", false));
    }

    /** The field that says why, which the history keeps. */
    public ActionForm reason() {
        return text("reason", "Reason", "", "Why you do it. The audit log keeps the reason.", false);
    }

    public ActionForm dangerous() {
        return new ActionForm(section, title, says, fields, post, submit, back, true, problem);
    }

    /** The same page with what was filled in, and why it could not be done. */
    ActionForm failed(Map<String, String> sent, Problem why) {
        List<FieldView> filled = fields.stream()
                .map(field -> new FieldView(
                        field.name(),
                        field.label(),
                        field.kind(),
                        shown(field, sent),
                        field.options(),
                        field.hint(),
                        field.required()))
                .toList();
        return new ActionForm(section, title, says, filled, post, submit, back, danger, Optional.of(why));
    }

    private static String shown(FieldView field, Map<String, String> sent) {
        return switch (field.kind()) {
            case TICK -> sent.containsKey(field.name()) ? "on" : "";
            case SECRET -> "";
            default -> sent.getOrDefault(field.name(), field.value());
        };
    }
}
