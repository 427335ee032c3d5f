package web

import (
	"context"
	"errors"

	"sapa/web/auth"
	"sapa/web/wire"
)

// session is who is signed in, and the proof their browser must send.
type session struct {
	CSRF string  `json:"csrf"`
	Me   wire.Me `json:"me"`
}

// signedIn is how far signing in has come.
type signedIn struct {
	State auth.Step `json:"state" enum:"ok,totp"`
	CSRF  string    `json:"csrf"`
	Me    *wire.Me  `json:"me,omitempty"`
}

type signInInput struct {
	Body struct {
		Email    string `json:"email" maxLength:"254"`
		Password string `json:"password" maxLength:"512"`
	}
}

// signIn is the first step.
func (s *Server) signIn(ctx context.Context, in *signInInput) (signedIn, error) {
	step, err := s.options.Auth.SignIn(ctx, in.Body.Email, in.Body.Password, addressIn(ctx))
	if err != nil {
		return signedIn{}, err
	}
	return s.signedInAt(ctx, step)
}

type codeInput struct {
	Body struct {
		Code string `json:"code" maxLength:"12"`
	}
}

// signInCode is the second step.
func (s *Server) signInCode(ctx context.Context, in *codeInput) (signedIn, error) {
	err := s.options.Auth.SignInCode(ctx, in.Body.Code, addressIn(ctx))
	if errors.Is(err, auth.ErrCredentials) { // the first step is missing or too long ago
		return signedIn{}, errSignedOut
	}
	if err != nil {
		return signedIn{}, err
	}
	now, err := s.entered(ctx)
	return signedIn{State: auth.Done, CSRF: now.CSRF, Me: &now.Me}, err
}

// entered is the session that a request has just begun.
func (s *Server) entered(ctx context.Context) (session, error) {
	identity, ok := s.options.Auth.Refresh(ctx)
	if !ok {
		return session{}, errSignedOut
	}
	return s.sessionOf(ctx, identity)
}

func (s *Server) sessionOf(ctx context.Context, identity auth.Identity) (session, error) {
	me, err := s.meOf(ctx, identity)
	return session{CSRF: identity.CSRF, Me: me}, err
}

func (s *Server) readSession(ctx context.Context, _ *struct{}) (session, error) {
	identity, _ := auth.From(ctx)
	return s.sessionOf(ctx, identity)
}

func (s *Server) signOut(ctx context.Context, _ *struct{}) (none, error) {
	return none{}, s.options.Auth.SignOut(ctx)
}

// socketTicket is the single-use ticket of a console's socket.
type socketTicket struct {
	Ticket string `json:"ticket"`
}

func (s *Server) issueSocketTicket(ctx context.Context, _ *struct{}) (socketTicket, error) {
	ticket, err := auth.IssueTicket(ctx, s.options.DB, consoleSubject+s.options.Auth.SessionKey(ctx), s.options.Now())
	return socketTicket{Ticket: ticket}, err
}

// addressIn is where a request comes from.
func addressIn(ctx context.Context) string {
	who, _ := ctx.Value(askingKey{}).(asking)
	return who.address
}
