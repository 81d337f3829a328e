package io.modelward.core.evidence;

/** How many requests one arm got over some time, and how many of those were bad. */
public record ArmCounts(long requests, long bad) {

    public static final ArmCounts NONE = new ArmCounts(0, 0);

    public ArmCounts plus(ArmCounts more) {
        return new ArmCounts(requests + more.requests, bad + more.bad);
    }

    long good() {
        return requests - bad;
    }

    /** The same requests with good called bad and bad good. */
    ArmCounts flipped() {
        return new ArmCounts(requests, good());
    }

    /** The share that was bad; 0 when there were no requests. */
    public double rate() {
        return requests == 0 ? 0 : (double) bad / requests;
    }
}
