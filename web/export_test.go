package web

import (
	"context"
	"time"

	"sapa/program/access"
	"sapa/web/wire"
)

// Line is a route as the test that walks the table sees it.
type Line struct {
	Method, Path string
	Public, Self bool
	Person       bool
	Permission   access.Permission
}

// Lines is the table of routes.
func Lines() []Line {
	var lines []Line
	for _, r := range routes() {
		lines = append(lines, Line{Method: r.method, Path: r.path, Public: r.need.public, Self: r.need.self, Person: r.need.person, Permission: r.need.permission})
	}
	return lines
}

// Board is the board that consoles are sent.
func (s *Server) Board(ctx context.Context, actor access.Actor, language string, since time.Time) (wire.Wallboard, error) {
	return s.wall.board(ctx, actor, language, since)
}
