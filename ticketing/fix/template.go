package fix

import (
	"maps"
	"testing"

	"github.com/uptrace/bun"

	"sapa/channels/seal"
	"sapa/migrations/dbtest"
	"sapa/migrations/sealtest"
)

// Template is a world that many tests of a package begin with, built once and then
// copied, its keys too: what is sealed in it opens in each copy.
type Template struct {
	db    dbtest.Template
	box   *seal.Box
	first World
}

// NewTemplate makes a template of a world that fill has added to.
func NewTemplate(fill func(*World)) *Template {
	m := &Template{}
	m.db.Fill = func(t testing.TB, db *bun.DB) {
		m.box = sealtest.Box(t)
		w := equip(t, db, m.box).furnish()
		fill(w)
		m.first = World{WhatsApp: w.WhatsApp, Chat: w.Chat, SMS: w.SMS, Queues: w.Queues, Teams: w.Teams, serial: w.serial}
	}
	return m
}

// New builds a world as New of the package does, with what was filled in.
func (m *Template) New(t testing.TB) *World {
	t.Helper()
	db := m.db.New(t) // fills the template first
	w := equip(t, db, m.box)
	w.WhatsApp, w.Chat, w.SMS = m.first.WhatsApp, m.first.Chat, m.first.SMS
	w.Queues, w.Teams, w.serial = maps.Clone(m.first.Queues), m.first.Teams, m.first.serial
	return w
}

// Drop deletes the template after the last test.
func (m *Template) Drop() error { return m.db.Drop() }
