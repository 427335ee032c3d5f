package web

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"

	"github.com/jackc/pgx/v5/pgconn"
)

// away tells whether an error means that PostgreSQL cannot be reached, or is
// shutting down or starting: trying again later may help.
func away(err error) bool {
	var connect *pgconn.ConnectError
	var server *pgconn.PgError
	var network net.Error
	switch {
	case errors.As(err, &connect), errors.Is(err, driver.ErrBadConn), errors.Is(err, sql.ErrConnDone), errors.Is(err, io.ErrUnexpectedEOF):
		return true
	case errors.As(err, &server):
		return unavailable(server.Code)
	case errors.As(err, &network):
		return true
	default:
		return errors.Is(err, context.DeadlineExceeded)
	}
}

// unavailable knows the codes of PostgreSQL's appendix A that say "not now":
// connection exceptions (08), operator intervention (57P), too many connections.
func unavailable(code string) bool {
	return len(code) == 5 && (code[:2] == "08" || code[:3] == "57P" || code == "53300" || code == "25006")
}

// malformed tells whether PostgreSQL could not read a value, such as an id that
// is none (22P02 invalid_text_representation).
func malformed(err error) bool {
	var server *pgconn.PgError
	return errors.As(err, &server) && server.Code == "22P02"
}
