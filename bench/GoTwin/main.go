// The seed's own design: net/http, a *sql.DB for each account, pgx with its statement cache, and no token.
// GoTwin -listen ADDRESS -system DSN -accounts DSN (in which %s is the account's name) -connections N
package main

import (
	"database/sql"
	"flag"
	"log"
	"net/http"

	_ "github.com/jackc/pgx/v4/stdlib"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "where it listens")
	system := flag.String("system", "", "the system database")
	accounts := flag.String("accounts", "", "an account's database, %s being its name")
	connections := flag.Int("connections", 16, "connections of one account, at most")
	flag.Parse()

	registry, err := sql.Open("pgx", *system)
	if err != nil {
		log.Fatal(err)
	}

	registry.SetMaxOpenConns(4)
	registry.SetMaxIdleConns(4)
	service := &service{registry: registry, dsn: *accounts, connections: *connections, pools: map[string]*sql.DB{}}
	mux := http.NewServeMux()
	mux.HandleFunc("/health", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	mux.HandleFunc("/api/query", service.query)
	log.Fatal(http.ListenAndServe(*listen, mux))
}
