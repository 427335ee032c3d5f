package portal

import (
	"net/http"
	"strings"
	"time"
)

// language is one that the pages are written in. Codes are ISO 639-3, tags BCP 47.
type language struct{ Code, Tag, Name string }

var languages = []language{
	{"ind", "id", "Indonesia"},
	{"jav", "jv", "Jawa"},
	{"sun", "su", "Sunda"},
	{"eng", "en", "English"},
}

const (
	languageCookie = "sapa_lang"
	languageKept   = 365 * 24 * time.Hour
)

// language is what the reader chose, now (?lang=) or before (cookie), else what
// the browser asks for, else Indonesian.
func (p *Portal) language(w http.ResponseWriter, r *http.Request) language {
	if chosen, ok := byCode(r.URL.Query().Get("lang")); ok {
		http.SetCookie(w, &http.Cookie{
			Name: languageCookie, Value: chosen.Code, Path: "/", MaxAge: int(languageKept.Seconds()),
			SameSite: http.SameSiteLaxMode, HttpOnly: true, Secure: p.o.Secure,
		})
		return chosen
	}
	if cookie, err := r.Cookie(languageCookie); err == nil {
		if kept, ok := byCode(cookie.Value); ok {
			return kept
		}
	}
	for _, part := range strings.Split(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
		for _, one := range languages {
			if one.Tag == primary {
				return one
			}
		}
	}
	return languages[0]
}

func byCode(code string) (language, bool) {
	for _, one := range languages {
		if one.Code == code {
			return one, true
		}
	}
	return language{}, false
}
