package web

import "sapa/program/access"

// Line is a route as the test that walks the table sees it.
type Line struct {
	Method, Path string
	Public, Self bool
	Permission   access.Permission
}

// Lines is the table of routes.
func Lines() []Line {
	var lines []Line
	for _, r := range routes() {
		lines = append(lines, Line{Method: r.method, Path: r.path, Public: r.need.public, Self: r.need.self, Permission: r.need.permission})
	}
	return lines
}
