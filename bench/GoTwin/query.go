package main

import (
	"database/sql"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
)

type request struct {
	SQL    string        `json:"sql"`
	Params []interface{} `json:"params"`
}

var buffers = sync.Pool{New: func() interface{} { b := make([]byte, 0, 4096); return &b }}

// run answers one statement. An error means that nothing was written yet.
func run(w http.ResponseWriter, r *http.Request, pool *sql.DB) error {
	var body request
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		return err
	}
	for i, value := range body.Params {
		if number, ok := value.(float64); ok {
			body.Params[i] = int64(number)
		}
	}
	if r.Header.Get("Accept") == "application/x-ndjson" {
		return stream(w, r, pool, body)
	}
	if !returnsRows(body.SQL) {
		return execute(w, r, pool, body)
	}
	return answer(w, r, pool, body)
}

func answer(w http.ResponseWriter, r *http.Request, pool *sql.DB, body request) error {
	rows, err := pool.QueryContext(r.Context(), body.SQL, body.Params...)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := columnsOf(rows)
	if err != nil {
		return err
	}
	held := buffers.Get().(*[]byte)
	defer buffers.Put(held)
	out, count := (*held)[:0], int64(0)
	for rows.Next() {
		if count > 0 {
			out = append(out, ',')
		}
		if out, err = columns.appendRow(out, rows); err != nil {
			return err
		}
		count++
	}
	if err := rows.Err(); err != nil {
		return err
	}
	head := appendCommand(append(make([]byte, 0, 256), '{'), body.SQL, count)
	head = append(columns.appendNames(append(head, ',')), `,"rows":[`...)
	*held = append(out, "]}"...)
	w.Header().Set("Content-Type", "application/json")
	w.Write(head)
	w.Write(*held)
	return nil
}

func execute(w http.ResponseWriter, r *http.Request, pool *sql.DB, body request) error {
	result, err := pool.ExecContext(r.Context(), body.SQL, body.Params...)
	if err != nil {
		return err
	}
	count, err := result.RowsAffected()
	if err != nil {
		return err
	}
	out := appendCommand([]byte{'{'}, body.SQL, count)
	w.Header().Set("Content-Type", "application/json")
	w.Write(append(out, `,"columns":[],"rows":[]}`...))
	return nil
}

// stream writes a line for the columns, one for each row, and a last one. What breaks after the first is a cut connection.
func stream(w http.ResponseWriter, r *http.Request, pool *sql.DB, body request) error {
	rows, err := pool.QueryContext(r.Context(), body.SQL, body.Params...)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := columnsOf(rows)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	out := append(columns.appendNames([]byte{'{'}), "}\n"...)
	count := int64(0)
	for rows.Next() {
		if out, err = columns.appendRow(out, rows); err != nil {
			panic(http.ErrAbortHandler)
		}
		out = append(out, '\n')
		count++
		if len(out) > 64*1024 {
			w.Write(out)
			out = out[:0]
		}
	}
	if rows.Err() != nil {
		panic(http.ErrAbortHandler)
	}
	w.Write(append(appendCommand(append(out, '{'), body.SQL, count), "}\n"...))
	return nil
}

func returnsRows(sql string) bool {
	return strings.HasPrefix(sql, "SELECT") || strings.Contains(sql, " RETURNING ")
}
