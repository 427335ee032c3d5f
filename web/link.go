package web

import (
	"context"
	"time"

	"sapa/web/auth"
)

type openLinkInput struct {
	Body struct {
		Token string `json:"token" maxLength:"100"`
	}
}

// openedLink is whom a link greets.
type openedLink struct {
	Purpose   string    `json:"purpose" enum:"invite,password"`
	Name      string    `json:"name"`
	Email     string    `json:"email"`
	ExpiresAt time.Time `json:"expires_at"`
}

// openLink reads a link without using it.
func (s *Server) openLink(ctx context.Context, in *openLinkInput) (openedLink, error) {
	link, err := s.options.Auth.OpenLink(ctx, in.Body.Token)
	return openedLink{Purpose: link.Purpose, Name: link.Staff.Name, Email: link.Staff.Email, ExpiresAt: link.ExpiresAt.UTC()}, err
}

type useLinkInput struct {
	Body struct {
		Token    string `json:"token" maxLength:"100"`
		Password string `json:"password" maxLength:"512"`
	}
}

// useLink sets the password and signs the person in, as far as signing in goes
// without a second factor.
func (s *Server) useLink(ctx context.Context, in *useLinkInput) (signedIn, error) {
	step, err := s.options.Auth.UseLink(ctx, in.Body.Token, in.Body.Password)
	if err != nil {
		return signedIn{}, err
	}
	return s.signedInAt(ctx, step)
}

// signedInAt is how far a request has come with signing in.
func (s *Server) signedInAt(ctx context.Context, step auth.Step) (signedIn, error) {
	if step != auth.Done {
		return signedIn{State: step, CSRF: s.options.Auth.CSRF(ctx)}, nil
	}
	now, err := s.entered(ctx)
	return signedIn{State: step, CSRF: now.CSRF, Me: &now.Me}, err
}
