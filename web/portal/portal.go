// Package portal serves the pages that citizens meet: plain HTML that works
// without script, on a cheap phone, in their language.
package portal

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"sapa/channels/words"
	"sapa/ticketing"
	"sapa/web/auth"
	"sapa/web/pace"
)

//go:embed pages/*.html locale/*.toml static/*
var files embed.FS

// Options are what the pages need. All but Log, Phone and WhatsApp are required.
type Options struct {
	DB  *bun.DB
	Now func() time.Time
	Log *slog.Logger
	// Inbox is the slug of the live chat that the home page opens.
	Inbox string
	// Phone and WhatsApp are shown as other ways to reach us, in E.164; empty
	// ones are left out.
	Phone, WhatsApp string
	// Address is where a request comes from, behind whatever proxy stands in front.
	Address func(*http.Request) string
	// Secure marks cookies Secure: set it when citizens come over TLS.
	Secure bool
	// Desk and Guests serve the tracking page; without Desk it is left out.
	Desk   *ticketing.Desk
	Guests *auth.Guests
}

// Portal renders the pages. Safe for concurrent use.
type Portal struct {
	o     Options
	words *words.Catalogue
	desk  *words.Catalogue // names of what tickets are about, and of months
	pages map[string]*template.Template
	asset map[string]string // name -> address with its hash

	searches, judgements *pace.Limiter // by network
}

// New reads templates, texts and assets, all of which ship inside the program.
func New(o Options) (*Portal, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	said, err := words.Load(files, "locale")
	if err != nil {
		return nil, err
	}
	p := &Portal{o: o, words: said, desk: ticketing.Texts(), pages: map[string]*template.Template{}, asset: map[string]string{},
		searches: pace.New(mostSearches, o.Now), judgements: pace.New(mostJudgements, o.Now)}
	if err := p.hashAssets(); err != nil {
		return nil, err
	}
	for _, name := range []string{"home", "help", "article", "missing", "track", "case"} {
		page, err := template.New("base.html").Funcs(p.functions()).ParseFS(files, "pages/base.html", "pages/"+name+".html")
		if err != nil {
			return nil, fmt.Errorf("portal: page %s: %w", name, err)
		}
		p.pages[name] = page
	}
	return p, nil
}

// Routes puts the pages on a mux.
func (p *Portal) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", p.home)
	mux.HandleFunc("GET /help", p.paced(p.searches, p.help))
	mux.HandleFunc("GET /help/{slug}", p.article)
	mux.HandleFunc("POST /help/{slug}/feedback", p.paced(p.judgements, p.feedback))
	mux.HandleFunc("GET /static/{name}", p.static)
	if p.o.Desk != nil {
		p.trackRoutes(mux)
	}
}

func (p *Portal) hashAssets() error {
	return fs.WalkDir(files, "static", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := files.ReadFile(path)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(body)
		name := strings.TrimPrefix(path, "static/")
		p.asset[name] = "/static/" + name + "?v=" + hex.EncodeToString(sum[:6])
		return nil
	})
}

// static serves what the pages refer to; the hash in the address lets browsers
// keep it for ever.
func (p *Portal) static(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	if p.asset[name] == "" {
		http.NotFound(w, r)
		return
	}
	if r.URL.Query().Has("v") {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	http.ServeFileFS(w, r, files, "static/"+name)
}

// page is what every template is given.
type page struct {
	Language string // ISO 639-3
	Tag      string // BCP 47, for the lang attribute
	Path     string
	Query    string
	Hours    string // when people answer
	Outages  []string
	Portal   *Portal
	Body     any
}

// Say is a text of the catalogue in the page's language.
func (g page) Say(key string) string { return g.Portal.words.Say(g.Language, key, nil) }

// Asset is the address of a file with its hash.
func (g page) Asset(name string) string { return g.Portal.asset[name] }

// Languages are those the pages are written in, for the switch.
func (g page) Languages() []language { return languages }

// Options are the settings the pages show.
func (g page) Options() Options { return g.Portal.o }

func (p *Portal) functions() template.FuncMap {
	return template.FuncMap{"slots": slots, "phone": groupPhone, "digits": func(s string) string { return strings.TrimPrefix(s, "+") }}
}

// groupPhone writes an E.164 number as people here do: 0800 150 3001.
func groupPhone(e164 string) string {
	national := e164
	if rest, ok := strings.CutPrefix(e164, "+62"); ok {
		national = "0" + rest
	}
	if len(national) < 9 {
		return national
	}
	return national[:4] + " " + national[4:7] + " " + national[7:]
}

// render writes a page whole or not at all.
func (p *Portal) render(w http.ResponseWriter, r *http.Request, status int, name string, body any) {
	language := p.language(w, r)
	var out bytes.Buffer
	err := p.pages[name].Execute(&out, page{
		Language: language.Code, Tag: language.Tag, Path: r.URL.Path, Query: r.URL.Query().Get("q"),
		Hours: p.hours(r.Context(), language.Code), Outages: p.outages(r.Context(), language.Code), Portal: p, Body: body,
	})
	if err != nil {
		p.o.Log.ErrorContext(r.Context(), "page not rendered", "page", name, "error", err)
		http.Error(w, p.words.Say(language.Code, "portal.fault", nil), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if w.Header().Get("Cache-Control") == "" {
		w.Header().Set("Cache-Control", "no-cache")
	}
	w.Header().Add("Vary", "Cookie, Accept-Language")
	w.WriteHeader(status)
	_, _ = out.WriteTo(w)
}

// fail answers a fault of ours: what happened, and what to do.
func (p *Portal) fail(w http.ResponseWriter, r *http.Request, err error) {
	p.o.Log.ErrorContext(r.Context(), "page failed", "path", r.URL.Path, "error", err)
	p.render(w, r, http.StatusServiceUnavailable, "missing", map[string]string{"Key": "portal.fault"})
}
