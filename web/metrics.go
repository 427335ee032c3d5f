package web

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are the numbers of the edge.
type metrics struct {
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	hooks    *prometheus.CounterVec
	spool    *prometheus.GaugeVec
	page     http.Handler
}

// newMetrics registers them. Names the registry has already are taken over, so
// that two servers of a test may share one.
func newMetrics(registry *prometheus.Registry) *metrics {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "sapa_http_requests_total", Help: "Requests by method, route and status."},
			[]string{"method", "route", "status"}),
		// From a cached page to a search over years: the budget of a screen is 0.3 s.
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "sapa_http_request_seconds", Help: "Time to answer by route.",
			Buckets: []float64{.005, .01, .025, .05, .1, .2, .3, .5, 1, 2.5, 10}}, []string{"route"}),
		hooks: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "sapa_hooks_total", Help: "Webhooks by kind and what became of them."},
			[]string{"kind", "outcome"}),
		spool: prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "sapa_spool_events", Help: "Webhooks that wait for PostgreSQL, and those parked after five tries."},
			[]string{"state"}),
		page: promhttp.HandlerFor(registry, promhttp.HandlerOpts{}),
	}
	for _, c := range []prometheus.Collector{m.requests, m.seconds, m.hooks, m.spool, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{})} {
		_ = registry.Register(c)
	}
	return m
}

func (m *metrics) request(method, route string, status int, took time.Duration) {
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
	m.seconds.WithLabelValues(route).Observe(took.Seconds())
}

// handleMetrics is for the machine room: requests from public addresses find
// nothing.
func (s *Server) handleMetrics(w http.ResponseWriter, r *http.Request) {
	peer := peerOf(r)
	if !peer.IsLoopback() && !peer.IsPrivate() || r.Header.Get("X-Forwarded-For") != "" {
		http.NotFound(w, r)
		return
	}
	s.metrics.page.ServeHTTP(w, r)
}
