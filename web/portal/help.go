package portal

import (
	"errors"
	"html/template"
	"net/http"
	"strings"

	"sapa/channels"
	"sapa/kb"
	"sapa/program/intent"
)

// popular are the questions asked most often, by the intents of the past years'
// contacts.
var popular = []intent.Code{
	intent.IncentiveStatus, intent.IncentiveFailedTransfer, intent.AccountOTP, intent.RegistrationIdentityMismatch,
	intent.BatchResult, intent.TrainingCertificate, intent.TrainingAttendance, intent.IncentiveLinkFailed,
}

func (p *Portal) home(w http.ResponseWriter, r *http.Request) {
	reader := p.language(w, r)
	topics := make([]kb.Answer, 0, len(popular))
	for _, code := range popular {
		answer, err := kb.ForIntent(r.Context(), p.o.DB, code, reader.Code)
		if errors.Is(err, kb.ErrNotFound) {
			continue
		}
		if err != nil {
			p.fail(w, r, err)
			return
		}
		topics = append(topics, answer)
	}
	p.render(w, r, http.StatusOK, "home", map[string]any{"Topics": topics})
}

func (p *Portal) help(w http.ResponseWriter, r *http.Request) {
	asked := strings.TrimSpace(r.URL.Query().Get("q"))
	hits, err := kb.Search(r.Context(), p.o.DB, kb.Query{
		Text: asked, Language: p.language(w, r).Code, Audience: kb.Public,
	})
	if err != nil {
		p.fail(w, r, err)
		return
	}
	p.render(w, r, http.StatusOK, "help", map[string]any{"Hits": hits, "Asked": asked})
}

func (p *Portal) article(w http.ResponseWriter, r *http.Request) {
	article, err := kb.LoadSlug(r.Context(), p.o.DB, r.PathValue("slug"))
	reader := p.language(w, r)
	version, published := article.In(reader.Code)
	if errors.Is(err, kb.ErrNotFound) || (err == nil && (!published || !public(article))) {
		p.render(w, r, http.StatusNotFound, "missing", map[string]string{"Key": "portal.missing.text"})
		return
	}
	var body template.HTML
	if err == nil {
		body, err = kb.Render(version.Body)
	}
	if err != nil {
		p.fail(w, r, err)
		return
	}
	p.render(w, r, http.StatusOK, "article", map[string]any{
		"Version": version, "HTML": body, "Slug": article.Slug, "Thanks": r.URL.Query().Has("thanks"),
		"Foreign": version.Language != reader.Code,
	})
}

// public tells whether citizens may know of the article.
func public(article kb.Article) bool {
	return article.Audience == kb.Public && article.ArchivedAt == nil
}

// feedbackForm bounds the body of a judgement.
const feedbackForm = 16 << 10

func (p *Portal) feedback(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, feedbackForm)
	article, err := kb.LoadSlug(r.Context(), p.o.DB, r.PathValue("slug"))
	if errors.Is(err, kb.ErrNotFound) || err == nil && !public(article) {
		p.render(w, r, http.StatusNotFound, "missing", map[string]string{"Key": "portal.missing.text"})
		return
	}
	if err == nil {
		err = kb.Judge(r.Context(), p.o.DB, kb.Feedback{
			ArticleID: article.ID, Language: p.language(w, r).Code, Source: kb.FromReader,
			Helpful: r.PostFormValue("helpful") == "yes", Comment: channels.MaskIdentity(channels.CleanText(r.PostFormValue("comment"))), At: p.o.Now(),
		})
	}
	var invalid kb.Invalid
	if err != nil && !errors.As(err, &invalid) {
		p.fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/help/"+article.Slug+"?thanks=1#feedback", http.StatusSeeOther)
}
