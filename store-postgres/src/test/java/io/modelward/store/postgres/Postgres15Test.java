package io.modelward.store.postgres;

class Postgres15Test extends PostgresSuites {

    Postgres15Test() {
        super(PostgresServer.OLDER);
    }
}
