package io.modelward.core.evidence;

/**
 * Which arm of a rollout a count belongs to. A rollout has one active arm, and a candidate is compared with that one; a
 * further candidate is a further id, with a split and counts of its own.
 *
 * @param label the word for the arm on the wire and in files
 */
public record ArmId(String label) {

    /** The version that a rollback returns to. */
    public static final ArmId ACTIVE = new ArmId("active");
    /** The version that is rolled out. */
    public static final ArmId CANDIDATE = new ArmId("canary");
}
