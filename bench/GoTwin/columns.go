package main

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// PostgreSQL's names of the types that the loads use.
var typeNames = map[string]string{"INT4": "integer", "INT8": "bigint", "TEXT": "text", "BOOL": "boolean"}

type columns struct {
	names  []string
	types  []string
	values []interface{}
	places []interface{}
}

func columnsOf(rows *sql.Rows) (*columns, error) {
	described, err := rows.ColumnTypes()
	if err != nil {
		return nil, err
	}
	c := &columns{values: make([]interface{}, len(described)), places: make([]interface{}, len(described))}
	for i, column := range described {
		c.names = append(c.names, column.Name())
		c.types = append(c.types, typeNames[column.DatabaseTypeName()])
		c.places[i] = &c.values[i]
	}
	return c, nil
}

// appendNames adds "columns":[…].
func (c *columns) appendNames(out []byte) []byte {
	out = append(out, `"columns":[`...)
	for i, name := range c.names {
		if i > 0 {
			out = append(out, ',')
		}
		out = appendString(append(out, `{"name":`...), name)
		out = append(appendString(append(out, `,"type":`...), c.types[i]), '}')
	}
	return append(out, ']')
}

func (c *columns) appendRow(out []byte, rows *sql.Rows) ([]byte, error) {
	if err := rows.Scan(c.places...); err != nil {
		return nil, err
	}
	out = append(out, '[')
	for i, value := range c.values {
		if i > 0 {
			out = append(out, ',')
		}
		switch v := value.(type) {
		case nil:
			out = append(out, "null"...)
		case int64:
			out = strconv.AppendInt(out, v, 10)
		case bool:
			out = strconv.AppendBool(out, v)
		case string:
			out = appendString(out, v)
		default:
			return nil, fmt.Errorf("values of type %T are not written here", value)
		}
	}
	return append(out, ']'), nil
}

// appendCommand adds "command":"SELECT","row_count":1.
func appendCommand(out []byte, sql string, count int64) []byte {
	command, _, _ := strings.Cut(sql, " ")
	out = appendString(append(out, `"command":`...), command)
	return strconv.AppendInt(append(out, `,"row_count":`...), count, 10)
}

// appendString adds a JSON string. Nearly all need no escapes.
func appendString(out []byte, text string) []byte {
	for i := 0; i < len(text); i++ {
		if text[i] < 0x20 || text[i] == '"' || text[i] == '\\' {
			escaped, _ := json.Marshal(text)
			return append(out, escaped...)
		}
	}
	return append(append(append(out, '"'), text...), '"')
}
