// Package ui embeds the staff's console as npm builds it. The committed
// placeholder keeps `go build` working before the first build.
package ui

import "embed"

// Dist is the folder dist: index.html and assets with hashed names after a
// build, placeholder.html always.
//
//go:embed all:dist
var Dist embed.FS
