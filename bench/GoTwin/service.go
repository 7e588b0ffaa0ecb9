package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"sync"
)

var slug = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,62}$`)

var errUnknown = errors.New("no such account")

type service struct {
	registry    *sql.DB
	dsn         string
	connections int

	lock  sync.RWMutex
	pools map[string]*sql.DB
}

// pool is the account's, made at its first request, where the account is active.
func (s *service) pool(ctx context.Context, account string) (*sql.DB, error) {
	s.lock.RLock()
	pool := s.pools[account]
	s.lock.RUnlock()
	if pool != nil {
		return pool, nil
	}
	if !slug.MatchString(account) {
		return nil, errUnknown
	}
	var status string
	if err := s.registry.QueryRowContext(ctx, "SELECT status FROM public.accounts WHERE account_id = $1", account).Scan(&status); err != nil {
		if errors.Is(err, sql.ErrNoRows) {
			err = errUnknown
		}
		return nil, err
	}
	if status != "active" {
		return nil, errUnknown
	}
	return s.open(account)
}

func (s *service) open(account string) (*sql.DB, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	if pool := s.pools[account]; pool != nil {
		return pool, nil
	}
	pool, err := sql.Open("pgx", fmt.Sprintf(s.dsn, account))
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(s.connections)
	pool.SetMaxIdleConns(s.connections)
	s.pools[account] = pool
	return pool, nil
}

func (s *service) query(w http.ResponseWriter, r *http.Request) {
	pool, err := s.pool(r.Context(), r.Header.Get("X-Account-ID"))
	if err == errUnknown {
		http.Error(w, `{"code":"invalid_account"}`, http.StatusBadRequest)
		return
	}
	if err == nil {
		err = run(w, r, pool)
	}
	if err != nil {
		http.Error(w, fmt.Sprintf(`{"code":"sql_error","detail":%q}`, err.Error()), http.StatusServiceUnavailable)
	}
}
