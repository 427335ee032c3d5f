package kb

import (
	"bytes"
	"fmt"
	"html/template"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
)

// Render turns an article's Markdown into HTML that is safe to show: raw HTML in
// the text is dropped, links open without handing on the page or its window.
func Render(markdown string) (template.HTML, error) {
	var page bytes.Buffer
	if err := goldmark.Convert([]byte(markdown), &page); err != nil {
		return "", fmt.Errorf("render article: %w", err)
	}
	return template.HTML(policy().SanitizeBytes(page.Bytes())), nil
}

func policy() *bluemonday.Policy {
	allowed := bluemonday.NewPolicy()
	allowed.AllowElements("p", "h2", "h3", "ul", "ol", "li", "strong", "em", "br", "blockquote", "code")
	allowed.AllowAttrs("href").OnElements("a")
	allowed.AllowURLSchemes("https", "tel", "mailto")
	allowed.AllowRelativeURLs(true)
	allowed.RequireNoReferrerOnLinks(true)
	return allowed
}
