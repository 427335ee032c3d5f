package program

import (
	"fmt"
	"time"
)

// Persona is a participant of the demo data who stands for one trouble citizens
// write about. Name, phone, id and trouble are the same in every database that
// was seeded; days are relative to the day of seeding. None is a real person:
// the phone prefix 0820 belongs to no operator.
type Persona struct {
	Key  string
	ID   ParticipantID
	Name string
	// Phone is E.164; people type it as 0820 0000 00NN.
	Phone string
	// Born answers the question for day and month of birth.
	Born     time.Time
	Region   string // Kemendagri code of the regency or city
	Language string
	Female   bool
	// Trouble says in plain words what is wrong, Writes what the person would
	// write, and Diagnosis the code that must be found ("" when all is well).
	Trouble   string
	Writes    string
	Diagnosis string
}

// DemoPersonas lists them, in the order of their phone numbers. Eko and Tutik
// share one phone: the desk must ask whom it is speaking with.
func DemoPersonas() []Persona {
	list := []Persona{
		{Key: "returned_name", Name: "Wulandari Kusumaningrum", Female: true, Region: "33.74", Language: "ind", Born: born(1994, 3, 12),
			Trouble:   "insentif Rp600.000 dikembalikan bank karena nama rekening berbeda",
			Writes:    "min insentif sy blm cair pdhl udh selesai pelatihan",
			Diagnosis: "transfer_returned_name_mismatch"},
		{Key: "returned_closed", Name: "Agus Tri Hartanto", Region: "35.78", Language: "jav", Born: born(1989, 8, 17),
			Trouble:   "insentif Rp600.000 dikembalikan bank karena rekening sudah ditutup",
			Writes:    "nyuwun sewu min, insentif kula kok dereng mlebet nggih, pelatihan sampun rampung",
			Diagnosis: "transfer_returned_account_closed"},
		{Key: "no_account", Name: "Neneng Rosmiati", Female: true, Region: "32.73", Language: "sun", Born: born(1997, 11, 2),
			Trouble:   "belum menyambungkan rekening, insentif menunggu",
			Writes:    "punten min, insentif abdi teu acan lebet, pelatihan mah atos réngsé",
			Diagnosis: "account_not_linked"},
		{Key: "kyc_missing", Name: "Rahmat Hidayatullah", Region: "73.71", Language: "ind", Born: born(2001, 5, 21),
			Trouble:   "dompet digital belum terverifikasi",
			Writes:    "kenapa akun dompet saya gagal disambungkan terus",
			Diagnosis: "account_kyc_missing"},
		{Key: "waiting_rating", Name: "Dewi Anggraini Putri", Female: true, Region: "31.74", Language: "ind", Born: born(1992, 1, 30),
			Trouble:   "pelatihan selesai, rating dan ulasan belum diisi",
			Writes:    "halo kak, sertifikat saya sudah terbit tapi insentif belum dijadwalkan",
			Diagnosis: "incentive_waiting_rating"},
		{Key: "scheduled", Name: "Yusuf Maulana Akbar", Region: "16.71", Language: "ind", Born: born(1998, 7, 9),
			Trouble:   "insentif sudah dijadwalkan, belum waktunya",
			Writes:    "kapan insentif saya cair ya",
			Diagnosis: "incentive_scheduled"},
		{Key: "attendance", Name: "Ni Luh Ayu Pratiwi", Female: true, Region: "51.71", Language: "ind", Born: born(1996, 4, 4),
			Trouble:   "satu sesi tatap muka tidak tercatat karena wajah tidak terbaca",
			Writes:    "saya hadir pelatihan tapi absen hari kedua tidak masuk",
			Diagnosis: "attendance_missing"},
		{Key: "certificate_name", Name: "Fransiskus Xaverius Lobo", Region: "53.71", Language: "ind", Born: born(1987, 12, 3),
			Trouble:   "nama di sertifikat salah tulis",
			Writes:    "nama di sertifikat saya salah, bisa diperbaiki?",
			Diagnosis: "certificate_name_wrong"},
		{Key: "posttest_failed", Name: "Mei Lestari Simbolon", Female: true, Region: "12.71", Language: "ind", Born: born(2000, 2, 29),
			Trouble:   "sertifikat belum terbit karena nilai tes akhir 55",
			Writes:    "sertifikat saya kok belum muncul",
			Diagnosis: "certificate_missing_posttest"},
		{Key: "not_selected", Name: "Budi Prasetyo Nugroho", Region: "34.71", Language: "ind", Born: born(1995, 6, 18),
			Trouble:   "belum lolos gelombang karena kuota provinsi penuh",
			Writes:    "kenapa saya tidak lolos gelombang kemarin",
			Diagnosis: "not_selected"},
		{Key: "deadline_near", Name: "Zainal Abidin Rangkuti", Region: "12.77", Language: "ind", Born: born(1990, 9, 25),
			Trouble:   "batas beli pelatihan pertama tinggal dua hari",
			Writes:    "batas beli pelatihan sampai kapan, websitenya error terus",
			Diagnosis: "purchase_deadline_near"},
		{Key: "revoked", Name: "Maria Goreti Sroyer", Female: true, Region: "91.71", Language: "ind", Born: born(1999, 10, 10),
			Trouble:   "kepesertaan dicabut karena tidak membeli pelatihan dalam 15 hari",
			Writes:    "kok kepesertaan saya dicabut",
			Diagnosis: "purchase_deadline_missed"},
		{Key: "otp_locked", Name: "Hendra Gunawan Saputra", Region: "61.71", Language: "ind", Born: born(1985, 3, 3),
			Trouble:   "akun terkunci karena kode OTP salah berkali-kali",
			Writes:    "akun saya terkunci, otp salah terus",
			Diagnosis: "otp_locked"},
		{Key: "identity_mismatch", Name: "Nurhayati Zulkifli", Female: true, Region: "11.71", Language: "ind", Born: born(2003, 8, 8),
			Trouble:   "nomor KK tidak cocok dengan data Dukcapil",
			Writes:    "daftar gagal terus katanya data tidak sesuai dukcapil",
			Diagnosis: "registration_identity_mismatch"},
		{Key: "transfer_late", Name: "Slamet Wahyudianto", Region: "35.10", Language: "jav", Born: born(1979, 5, 5),
			Trouble:   "insentif dikirim sepuluh hari lalu, bank belum menjawab",
			Writes:    "insentif statuse wis dikirim tapi durung mlebu rekening",
			Diagnosis: "transfer_late"},
		{Key: "survey_open", Name: "Ratna Komalasari", Female: true, Region: "32.74", Language: "ind", Born: born(1993, 12, 24),
			Trouble:   "survei evaluasi belum diisi, insentif survei Rp50.000 menunggu",
			Writes:    "insentif survei 50 ribu saya mana",
			Diagnosis: "incentive_waiting_survey"},
		{Key: "household_husband", Name: "Eko Purwantoro", Region: "33.11", Language: "ind", Born: born(1988, 1, 15),
			Trouble:   "satu nomor ponsel dipakai suami istri; punya Eko sudah cair",
			Writes:    "cek status insentif saya",
			Diagnosis: ""},
		{Key: "household_wife", Name: "Tutik Purwaningsih", Female: true, Region: "33.11", Language: "ind", Born: born(1990, 7, 27),
			Trouble:   "satu nomor ponsel dipakai suami istri; punya Tutik dikembalikan bank",
			Writes:    "cek status insentif saya",
			Diagnosis: "transfer_returned_name_mismatch"},
		{Key: "videos", Name: "Abdul Rojak Firmansyah", Region: "36.71", Language: "sun", Born: born(2002, 4, 19),
			Trouble:   "saldo belum muncul karena video panduan belum ditonton semua",
			Writes:    "saldo béasiswa abdi naha teu acan aya nya",
			Diagnosis: "videos_unwatched"},
		{Key: "redeem", Name: "Kadek Surya Adnyana", Region: "51.08", Language: "ind", Born: born(1991, 11, 11),
			Trouble:   "kode penukaran belum dipakai sejak dibeli enam hari lalu",
			Writes:    "kode redeem pelatihan saya di mana ya",
			Diagnosis: "redeem_unused"},
		{Key: "all_well", Name: "Linda Permatasari Hutagalung", Female: true, Region: "21.71", Language: "eng", Born: born(1986, 6, 6),
			Trouble:   "semua sudah selesai dan cair",
			Writes:    "hi, did my incentive arrive?",
			Diagnosis: ""},
	}
	number := 0
	for i := range list {
		if list[i].Key != "household_wife" {
			number++
		}
		list[i].Phone = fmt.Sprintf("+6282000000%03d", number)
		// A UUIDv7 of 1 January 2026, numbered by place in this list.
		list[i].ID = ParticipantID(fmt.Sprintf("019b76da-a800-7000-8000-%012d", i+1))
	}
	return list
}

func born(year, month, day int) time.Time {
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
}
