package io.modelward.server.http;

/** What a caller must be allowed to do. Every route declares one; until access control is on, callers from this machine may do all. */
public enum Permission {
    /** Nothing: health. */
    NONE,
    /** See models, versions, endpoints, records. */
    READ,
    /** Send predictions. */
    PREDICT,
    /** Upload, publish, move aliases. */
    PUBLISH,
    /** Move endpoints. */
    OPERATE
}
