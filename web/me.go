package web

import (
	"context"
	"fmt"
	"strings"

	qrcode "github.com/skip2/go-qrcode"

	"sapa/ticketing/team"
	"sapa/web/auth"
	"sapa/web/wire"
)

func (s *Server) meOf(ctx context.Context, identity auth.Identity) (wire.Me, error) {
	presence, err := s.options.Desk.PresenceOf(ctx, identity.Staff.ID)
	if err != nil {
		return wire.Me{}, err
	}
	return wire.MeOf(identity.Staff, presence, s.options.Auth.Requires(identity.Staff.Role)), nil
}

type looksInput struct {
	Body struct {
		Language string `json:"language,omitempty" enum:"ind,eng"`
		Theme    string `json:"theme,omitempty" enum:"system,light,dark"`
		Undo     *int   `json:"undo_seconds,omitempty" enum:"0,5,10"`
	}
}

// changeLooks stores language and theme of one's own screens, and for how long
// one's replies may be taken back.
func (s *Server) changeLooks(ctx context.Context, in *looksInput) (wire.Me, error) {
	id := team.StaffID(actor(ctx).ID)
	if err := team.SetLooks(ctx, s.options.DB, id, in.Body.Language, in.Body.Theme, s.options.Now()); err != nil {
		return wire.Me{}, err
	}
	if in.Body.Undo != nil {
		if err := team.SetUndo(ctx, s.options.DB, id, *in.Body.Undo, s.options.Now()); err != nil {
			return wire.Me{}, err
		}
	}
	identity, ok := s.options.Auth.Refresh(ctx)
	if !ok {
		return wire.Me{}, errSignedOut
	}
	return s.meOf(ctx, identity)
}

type passwordInput struct {
	Body struct {
		Old string `json:"old" maxLength:"512"`
		New string `json:"new" maxLength:"512"`
	}
}

// changePassword ends all other sessions of the person.
func (s *Server) changePassword(ctx context.Context, in *passwordInput) (none, error) {
	identity, _ := auth.From(ctx)
	return none{}, s.options.Auth.ChangePassword(ctx, identity.Staff, in.Body.Old, in.Body.New, addressIn(ctx))
}

// enrolment is what an authenticator app needs, shown once.
type enrolment struct {
	Secret string `json:"secret"`
	URI    string `json:"uri"`
	QR     string `json:"qr_svg"`
}

func (s *Server) enrol(ctx context.Context, _ *struct{}) (enrolment, error) {
	identity, _ := auth.From(ctx)
	made, err := s.options.Auth.Enrol(ctx, identity.Staff)
	if err != nil {
		return enrolment{}, err
	}
	picture, err := qrSVG(made.URI)
	return enrolment{Secret: made.Secret, URI: made.URI, QR: picture}, err
}

func (s *Server) confirmEnrolment(ctx context.Context, in *codeInput) (none, error) {
	identity, _ := auth.From(ctx)
	return none{}, s.options.Auth.ConfirmEnrolment(ctx, identity.Staff, in.Body.Code)
}

// qrSVG draws a QR code as one path, sharp at any size and free of styles that a
// strict policy would refuse.
func qrSVG(text string) (string, error) {
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return "", fmt.Errorf("draw QR code: %w", err)
	}
	cells := code.Bitmap()
	var path strings.Builder
	for y, row := range cells {
		for x, dark := range row {
			if dark {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x, y)
			}
		}
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="QR" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dH0z"/><path fill="#000" d="%s"/></svg>`,
		len(cells), len(cells), len(cells), len(cells), path.String()), nil
}
