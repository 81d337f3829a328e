package io.modelward.store.postgres;

class Postgres18Test extends PostgresSuites {

    Postgres18Test() {
        super(PostgresServer.NEWER);
    }
}
