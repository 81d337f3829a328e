package io.modelward.server.http;

import java.util.concurrent.Executor;

/**
 * The threads that requests run on, beside Jetty's own.
 *
 * @param waiting virtual threads, for whatever may wait
 * @param parsing few platform threads, for documents that take long to parse
 */
record RequestThreads(Executor waiting, Executor parsing) {}
