package channels_test

import (
	"testing"

	"sapa/channels"
)

func TestMaskIdentity(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, input, want string }{
		{"plain", "NIK saya 3201011234560001 ya", "NIK saya ••••••••••••0001 ya"},
		{"glued to a word", "nik3201011234560001.", "nik••••••••••••0001."},
		{"fours", "3201 0112 3456 0001", "•••• •••• •••• 0001"},
		{"dots", "3201.0112.3456.0001", "••••.••••.••••.0001"},
		{"dashes", "320101-123456-0001", "••••••-••••••-0001"},
		{"long dash and no-break space", "32010112 – 34560001", "•••••••• – ••••0001"},
		{"one by one", "3 2 0 1 0 1 1 2 3 4 5 6 0 0 0 1", "• • • • • • • • • • • • 0 0 0 1"},
		{"over two lines", "32010112\n34560001", "••••••••\n••••0001"},
		{"twelve and four", "320101123456 0001", "•••••••••••• 0001"},
		{"full-width digits", "３２０１０１１２３４５６０００１", "••••••••••••０００１"},
		{"zero-width characters inside", "32010112\u200b34560001", "••••••••\u200b••••0001"},
		{"NIK and KK glued", "32010112345600013201011234560002", "••••••••••••••••••••••••••••0002"},
		{"two of them", "3201011234560001 3201011234560002", "••••••••••••0001 ••••••••••••0002"},
		{"beside a phone number", "3201011234560001 082012345678", "••••••••••••0001 082012345678"},
		{"phone number stays", "hp 082012345678", "hp 082012345678"},
		{"two phone numbers stay", "082012345678 085012345678", "082012345678 085012345678"},
		{"phone number and year stay", "082012345678 2026", "082012345678 2026"},
		{"money stays", "Rp 600.000 lalu Rp 2.400.000", "Rp 600.000 lalu Rp 2.400.000"},
		{"15 digits stay", "320101123456000", "320101123456000"},
		{"17 digits stay", "32010112345600011", "32010112345600011"},
		{"empty", "", ""},
		{"no digits", "halo min", "halo min"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := channels.MaskIdentity(test.input)
			if got != test.want {
				t.Fatalf("got %q, want %q", got, test.want)
			}
			if again := channels.MaskIdentity(got); again != got {
				t.Fatalf("masking twice changes it: %q", again)
			}
		})
	}
}

func TestMaskAddresses(t *testing.T) {
	t.Parallel()
	tests := []struct{ got, want string }{
		{channels.MaskPhone("+6282012345678"), "+62820*****678"},
		{channels.MaskPhone("+62820123456"), "+62820***456"},
		{channels.MaskPhone("110"), "***"},
		{channels.MaskPhone(""), ""},
		{channels.MaskEmail("siti@contoh.id"), "s***@contoh.id"},
		{channels.MaskEmail("a@contoh.id"), "a***@contoh.id"},
		{channels.MaskEmail("contoh"), "***"},
		{channels.MaskEmail("@contoh.id"), "***"},
	}
	for _, test := range tests {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}

func TestCleanText(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, input, want string }{
		{"NUL and controls", "a\x00b\x07c\x1b[31m", "abc[31m"},
		{"line ends", "a\r\nb\rc\n", "a\nb\nc"},
		{"invalid bytes", "a\xffb", "a\uFFFDb"},
		{"direction override", "evil\u202Efdp.exe\u2066", "evilfdp.exe"},
		{"composed", "e\u0301", "é"},
		{"emoji with joiner stays", "👩\u200d🌾", "👩\u200d🌾"},
		{"blank", " \n\t ", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := channels.CleanText(test.input); got != test.want {
				t.Fatalf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestChoices(t *testing.T) {
	t.Parallel()
	buttons := []channels.Button{{ID: "yes", Label: "Ya, benar"}, {ID: "no", Label: "Tidak"}}
	if got, want := channels.WithChoices("Betul?", buttons), "Betul?\n1. Ya, benar\n2. Tidak"; got != want {
		t.Fatalf("got %q, want %q", got, want)
	}
	for answer, want := range map[string]string{
		"1": "yes", " 2. ": "no", "2)": "no", "YA, BENAR": "yes", "tidak": "no",
		"3": "", "": "", "ya": "", "12": "",
	} {
		got, ok := channels.MatchChoice(answer, buttons)
		if got.ID != want || ok != (want != "") {
			t.Errorf("%q means %q, want %q", answer, got.ID, want)
		}
	}
}

func TestLadder(t *testing.T) {
	t.Parallel()
	if channels.StateDelivered.Climbs(channels.StateFailed) {
		t.Error("a delivered message fails")
	}
	if !channels.StateFailed.Climbs(channels.StateDelivered) {
		t.Error("a failed message that arrived after all stays failed")
	}
	if got := channels.StateSent.Below(); len(got) != 3 || got[2] != channels.StateUnknown {
		t.Errorf("below sent = %v, want queued, sending, unknown", got)
	}
	if got := channels.State("nonsense").Below(); len(got) != 0 {
		t.Errorf("below nonsense = %v, want none", got)
	}
}
