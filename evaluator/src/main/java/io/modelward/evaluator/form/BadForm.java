package io.modelward.evaluator.form;

/** A form that cannot be evaluated: broken, beyond the bounds, or of an operator that is not known. */
public final class BadForm extends Exception {

    /** @param why a clause that goes on "the form is not used: …" */
    public BadForm(String why) {
        super(why);
    }

    public String why() {
        return String.valueOf(getMessage());
    }
}
