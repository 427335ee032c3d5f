package seed

import (
	"math/rand/v2"
	"strings"
	"time"

	"sapa/program/registration"
	"sapa/program/seed/draw"
	"sapa/program/training"
)

// shop is a training with its provider and running classes.
type shop struct {
	training.Offer
	Provider string
	classes  []training.Class // oldest first
}

// catalogueTable is one line a training: provider | title | topic | mode |
// price in thousands | hours | regency of offline ones. Providers and titles are
// invented; topics are those of DOMAIN.md part 5.
const catalogueTable = `
Akademi Digital Nuraga|Dasar Pemrograman Web untuk Pemula|it|self_paced|850|30|
Akademi Digital Nuraga|Analisis Data dengan Lembar Kerja|it|webinar|700|20|
Akademi Digital Nuraga|Desain Grafis untuk Usaha Kecil|it|self_paced|600|18|
Akademi Digital Nuraga|Memakai Kecerdasan Buatan dalam Pekerjaan Kantor|ai|webinar|900|16|
Akademi Digital Nuraga|Keamanan Data bagi Karyawan|it|self_paced|450|15|
Institut Kelola Usaha Tumbuh|Berjualan di Lokapasar sampai Laku|sales|webinar|550|16|
Institut Kelola Usaha Tumbuh|Iklan Media Sosial dengan Modal Kecil|sales|self_paced|500|15|
Institut Kelola Usaha Tumbuh|Melayani Pelanggan dengan Ramah|sales|webinar|400|15|
Institut Kelola Usaha Tumbuh|Pembukuan Sederhana Usaha Rumahan|finance|self_paced|450|16|
Institut Kelola Usaha Tumbuh|Mengatur Keuangan Keluarga dan Usaha|finance|webinar|400|15|
Institut Kelola Usaha Tumbuh|Memimpin Tim Kecil|management|webinar|650|18|
Institut Kelola Usaha Tumbuh|Menyusun Rencana Usaha|management|self_paced|500|16|
Griya Bahasa Sahita|Bahasa Inggris untuk Pelayan Hotel|languages|webinar|750|24|
Griya Bahasa Sahita|Percakapan Bahasa Jepang Tingkat Dasar|languages|webinar|800|24|
Griya Bahasa Sahita|Percakapan Bahasa Mandarin untuk Toko|languages|self_paced|700|20|
Rumah Belajar Lintang|Mengetik dan Menyusun Surat Kantor|office|self_paced|350|15|
Rumah Belajar Lintang|Administrasi Perkantoran Modern|office|webinar|550|20|
Rumah Belajar Lintang|Berbicara di Depan Umum|social|webinar|450|15|
Rumah Belajar Lintang|Menulis Lamaran dan Menghadapi Wawancara|social|self_paced|300|15|
Rumah Belajar Lintang|Perawatan Diri dan Rias Sehari-hari|lifestyle|self_paced|400|15|
Sekolah Masak Dapur Sari|Membuat Roti dan Kue untuk Dijual|food|offline|1200|24|32.73
Sekolah Masak Dapur Sari|Aneka Olahan Ikan Tahan Lama|food|offline|1000|20|33.74
Sekolah Masak Dapur Sari|Meracik Kopi dan Melayani Kedai|food|webinar|650|16|
Sekolah Masak Dapur Sari|Usaha Katering Rumahan|food|self_paced|500|16|
Kelas Tani Subur Makmur|Bertanam Sayur Hidroponik|farming|self_paced|450|16|
Kelas Tani Subur Makmur|Beternak Lele di Lahan Sempit|farming|webinar|500|16|
Kelas Tani Subur Makmur|Merawat Kebun Kopi Rakyat|farming|offline|1100|24|12.71
Akademi Hijau Lestari|Memasang Panel Surya Rumah|green|offline|2200|40|35.78
Akademi Hijau Lestari|Mengelola Sampah Menjadi Kompos|green|self_paced|400|15|
Pusat Latih Alat Berat Mandala|Perawatan Alat Berat Tingkat Dasar|engineering|offline|3000|60|64.72
Pusat Latih Alat Berat Mandala|Operator Forklif|engineering|offline|2400|32|51.71
Pusat Latih Mengemudi Roda Jaya|Pengemudi Truk dan Bus yang Aman|engineering|offline|2600|40|31.74
Bengkel Belajar Teknika|Las Listrik Dasar|engineering|offline|2500|40|35.78
Bengkel Belajar Teknika|Servis Pendingin Ruangan|engineering|offline|1800|32|73.71
Bengkel Belajar Teknika|Servis Sepeda Motor Injeksi|engineering|offline|1900|32|33.74
Bengkel Belajar Teknika|Perbaikan Telepon Seluler|engineering|webinar|900|24|
Lembaga Garda Bina|Dasar Satuan Pengamanan|social|offline|1500|40|12.71
Taman Asuh Kasih Ibu|Pengasuh Anak Usia Dini|social|offline|1300|32|31.74
Sanggar Rias Melati Asri|Rias Pengantin Nusantara|lifestyle|offline|1700|32|34.71
Griya Bahasa Sahita|Tata Graha Hotel|lifestyle|offline|1400|24|51.71`

// classEvery is how far apart the classes of one training begin, classDays how
// many sessions each has.
const (
	classEvery = 7 * 24 * time.Hour
	classDays  = 4
	classPast  = 52 // weeks of classes behind us
	classAhead = 4
)

// newCatalogue makes providers, trainings and weekly classes around now.
func newCatalogue(rng *rand.Rand, now time.Time) (providers []training.Provider, shops []shop) {
	byName := map[string]string{}
	start := now.Add(-classPast * classEvery)
	for line := range strings.Lines(strings.TrimSpace(catalogueTable)) {
		f := strings.Split(strings.TrimSpace(line), "|")
		if byName[f[0]] == "" {
			byName[f[0]] = draw.ID(rng, start)
			providers = append(providers, training.Provider{ID: byName[f[0]], Name: f[0], RegionCode: "31.74"})
		}
		s := shop{Provider: f[0], Offer: training.Offer{
			ID: draw.ID(rng, start), ProviderID: byName[f[0]], Title: f[1], Topic: f[2], Mode: f[3],
			Price: number(f[4]) * 1000, Hours: int(number(f[5])), RegionCode: f[6],
		}}
		if s.Mode != "self_paced" {
			s.classes = newClasses(rng, s.ID, now)
		}
		shops = append(shops, s)
	}
	return providers, shops
}

// newClasses begins one on a weekday each week, sessions on following days,
// 09.00 to 12.00 WIB.
func newClasses(rng *rand.Rand, trainingID string, now time.Time) []training.Class {
	today := now.UTC().Truncate(24 * time.Hour)
	offset := time.Duration(rng.IntN(3)) * 24 * time.Hour
	var classes []training.Class
	for week := -classPast; week <= classAhead; week++ {
		first := today.Add(time.Duration(week)*classEvery + offset + 2*time.Hour)
		class := training.Class{ID: draw.ID(rng, first), TrainingID: trainingID, StartsAt: first, Seats: 30}
		for day := range classDays {
			begins := first.Add(time.Duration(day) * 24 * time.Hour)
			class.Sessions = append(class.Sessions, training.Meeting{ID: draw.ID(rng, begins), StartsAt: begins, EndsAt: begins.Add(3 * time.Hour)})
		}
		classes = append(classes, class)
	}
	return classes
}

// next is the first class that begins at or after t, nil when none does.
func (s shop) next(t time.Time) *training.Class {
	for i := range s.classes {
		if !s.classes[i].StartsAt.Before(t) {
			return &s.classes[i]
		}
	}
	return nil
}

// fits reports whether somebody from this regency would go there.
func (s shop) fits(region string) bool {
	return s.Mode != "offline" || registration.ProvinceOf(s.RegionCode) == registration.ProvinceOf(region)
}
