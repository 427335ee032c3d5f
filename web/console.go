package web

import (
	"net/http"

	"sapa/web/live"
)

// consoleSubject begins what a console's socket ticket stands for.
const consoleSubject = live.Subject

func (s *Server) consoleOptions() live.ConsoleOptions {
	return live.ConsoleOptions{
		DB: s.options.DB, Desk: s.options.Desk, Bus: s.options.Bus, Auth: s.options.Auth, Voice: s.voice, Board: s.wall.board,
		Origin: s.options.PublicURL.Scheme + "://" + s.options.PublicURL.Host, Now: s.options.Now, Log: s.options.Log,
	}
}

// handleConsole serves the console's socket.
func (s *Server) handleConsole(w http.ResponseWriter, r *http.Request) {
	if err := s.console.Serve(w, r); err != nil {
		s.refuse(w, r, err)
	}
}
