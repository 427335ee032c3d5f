package web

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/klauspost/compress/gzhttp"

	"sapa/channels/words"
	"sapa/web/live"
	"sapa/web/locale"
	"sapa/web/pace"
)

// Server is the edge of the desk. Handler serves; Run keeps the consoles'
// sockets fed and must run beside it.
type Server struct {
	options Options
	words   *words.Catalogue
	metrics *metrics
	console *live.Console
	assets  *assets
	wall    *wall
	keys    *pace.Limiter
	address func(*http.Request) string

	mux     *http.ServeMux // of the API
	api     huma.API
	handler http.Handler
}

// New checks the options and builds every address of the desk.
func New(o Options) (*Server, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	files, err := loadAssets()
	if err != nil {
		return nil, err
	}
	s := &Server{options: o, words: locale.Load(), metrics: newMetrics(o.Metrics), assets: files, address: ClientAddress(o.Proxies), mux: http.NewServeMux(),
		keys: pace.New(keyPace, o.Now)}
	s.wall = newWall(s)
	if s.console, err = live.NewConsole(s.consoleOptions()); err != nil {
		return nil, err
	}
	s.mountAPI()
	if s.handler, err = s.chain(); err != nil {
		return nil, err
	}
	return s, nil
}

// Run feeds the consoles' sockets until ctx ends.
func (s *Server) Run(ctx context.Context) error { return s.console.Run(ctx) }

// HTTP is a server for an address, with deadlines: ten seconds to ask, a minute
// to answer, which covers the longest poll (25 s) and an upload on a slow line.
func (s *Server) HTTP(address string) *http.Server {
	return &http.Server{
		Addr: address, Handler: s.handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 2 * time.Minute,
		WriteTimeout: 3 * time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
	}
}

// mountAPI builds the API of the table of routes.
func (s *Server) mountAPI() {
	config := huma.DefaultConfig("Sapa", "1")
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", ""
	config.CreateHooks = nil
	config.Transformers = []huma.Transformer{s.translate}
	config.Info.Description = "The API of the desk: staff's browsers by session cookie and X-CSRF-Token, programs by API key as bearer token."
	config.Components.SecuritySchemes = securitySchemes()
	s.api = humago.New(s.mux, config)
	for _, r := range routes() {
		r.mount(s, r)
	}
	s.mux.HandleFunc(base+"/", func(w http.ResponseWriter, r *http.Request) { s.refuse(w, r, errNotFound) })
}

// chain puts the addresses together and what every request passes around them.
func (s *Server) chain() (http.Handler, error) {
	root := http.NewServeMux()
	root.Handle(base+"/", s.signedOn(s.speaking(s.mux)))
	root.HandleFunc("GET /api/openapi.json", s.openAPI())
	root.HandleFunc("GET /api/docs", s.handleDocs)
	root.HandleFunc("GET /api/docs/{name}", s.handleDocs)
	root.HandleFunc("GET /ws/console", s.handleConsole)
	root.HandleFunc("POST /hooks/{kind}/{inbox}", s.handleHook)
	root.HandleFunc("POST /hooks/{kind}/{inbox}/{step...}", s.handleHook)
	root.HandleFunc("GET /healthz", s.handleHealth)
	root.HandleFunc("GET /readyz", s.handleReady)
	root.HandleFunc("GET /metrics", s.handleMetrics)
	root.Handle("GET "+filesPath, s.options.Files.Handler())
	root.HandleFunc("GET /console/", s.handleUI)
	root.HandleFunc("GET /console", s.handleUI)
	root.HandleFunc("GET /wallboard", s.handleUI)
	root.HandleFunc("GET /widget.js", s.handleWidget)
	if s.options.Chat != nil {
		s.options.Chat.Routes(root)
	}
	if s.options.Portal != nil {
		s.options.Portal.Routes(root)
	}
	compress, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.ContentTypes(compressible()))
	if err != nil {
		return nil, err
	}
	return s.watch(s.harden(s.apart(s.bound(s.sameOrigin(s.unlessSocket(compress(root), root)))))), nil
}

// compressible are the types worth the work; what is precompressed already says
// so itself.
func compressible() []string {
	return []string{"application/json", "application/problem+json", "text/html", "text/css", "text/javascript", "text/plain", "image/svg+xml"}
}

// unlessSocket keeps upgrades away from what wraps answers.
func (s *Server) unlessSocket(wrapped, bare http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/ws/") {
			bare.ServeHTTP(w, r)
			return
		}
		wrapped.ServeHTTP(w, r)
	})
}

// asking is what handlers need to know of a request beside its content: they see
// no headers.
type asking struct {
	language string // of a stranger
	address  string
}

type askingKey struct{}

// speaking remembers who asks, and in which language a stranger reads.
func (s *Server) speaking(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who := asking{language: accepted(r.Header.Get("Accept-Language")), address: s.address(r)}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), askingKey{}, who)))
	})
}
