package main

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/uptrace/bun"

	"sapa/program/account"
)

// codeMetrics tells at each scrape how many one-time codes the day has left. The
// count is of the whole desk, so every process tells the same.
type codeMetrics struct {
	db      *bun.DB
	limit   int
	now     func() time.Time
	sent    *prometheus.Desc
	most    *prometheus.Desc
	stopped *prometheus.Desc
}

// scrapeWithin bounds the count: it takes milliseconds, and Prometheus waits 10 s.
const scrapeWithin = 2 * time.Second

func newCodeMetrics(db *bun.DB, limit int, now func() time.Time) *codeMetrics {
	return &codeMetrics{
		db: db, limit: limit, now: now,
		sent:    prometheus.NewDesc("sapa_codes_sent_today", "One-time codes sent since midnight, WIB.", nil, nil),
		most:    prometheus.NewDesc("sapa_codes_limit", "One-time codes that may be sent in a day.", nil, nil),
		stopped: prometheus.NewDesc("sapa_codes_stopped", "1 while no code is sent because the day's are spent.", nil, nil),
	}
}

// Describe implements prometheus.Collector.
func (m *codeMetrics) Describe(to chan<- *prometheus.Desc) {
	to <- m.sent
	to <- m.most
	to <- m.stopped
}

// Collect implements prometheus.Collector. While the database is away the numbers
// are left out: the others of the page are still told.
func (m *codeMetrics) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeWithin)
	defer cancel()
	sent, err := account.SentToday(ctx, m.db, m.now())
	if err != nil {
		return
	}
	stopped := 0.0
	if sent >= m.limit {
		stopped = 1
	}
	to <- prometheus.MustNewConstMetric(m.sent, prometheus.GaugeValue, float64(sent))
	to <- prometheus.MustNewConstMetric(m.most, prometheus.GaugeValue, float64(m.limit))
	to <- prometheus.MustNewConstMetric(m.stopped, prometheus.GaugeValue, stopped)
}

// metrics is the registry of what only this file's room can count.
func (p *parts) metrics() *prometheus.Registry {
	registry := prometheus.NewRegistry()
	registry.MustRegister(newCodeMetrics(p.db, p.config.CodesADay, p.now))
	return registry
}
