// Keys and encrypted messages as the standards print them, and some of another implementation.
#pragma once
#include <string_view>

namespace claviger::crypto::test {

// RFC7520-5.4: ECDH-ES+A128KW on P-384 with A128GCM
inline constexpr std::string_view kPeregrin =
    R"({"kty":"EC","kid":"peregrin.took@tuckborough.example","use":"enc","crv":"P-384","x":)"
    R"("YU4rRUzdmVqmRtWOs2OpDE_T5fsNIodcG8G5FWPrTPMyxpzsSOGaQLpe2FpxBmu2","y":"A8-yxCHxkfBz)"
    R"(3hKZfI1jUYMjUhsEveZ9THuwFjH2sCNdtksRJU7D5-SkgaFL1ETP","d":"iTx2pk7wW-GqJkHcEkFQb2EFy)"
    R"(YcO7RugmaW3mRrQVAOUiPommT0IdnYK2xDlZh-j"})";

inline constexpr std::string_view kForPeregrin =
    "eyJhbGciOiJFQ0RILUVTK0ExMjhLVyIsImtpZCI6InBlcmVncmluLnRvb2tAdHVja2Jvcm91Z2guZXhhbXBsZSIsImVw"
    "ayI6eyJrdHkiOiJFQyIsImNydiI6IlAtMzg0IiwieCI6InVCbzRrSFB3Nmtiang1bDB4b3dyZF9vWXpCbWF6LUdLRlp1"
    "NHhBRkZrYllpV2d1dEVLNml1RURzUTZ3TmROZzMiLCJ5Ijoic3AzcDVTR2haVkMyZmFYdW1JLWU5SlUyTW84S3BvWXJG"
    "RHI1eVBOVnRXNFBnRXdaT3lRVEEtSmRhWTh0YjdFMCJ9LCJlbmMiOiJBMTI4R0NNIn0.0DJjBXri_kBcC46IkU5_Jk9B"
    "qaQeHdv2.mH-G2zVqgztUtnW_.tkZuOO9h95OgHJmkkrfLBisku8rGf6nzVxhRM3sVOhXgz5NJ76oID7lpnAi_cPWJRC"
    "jSpAaUZ5dOR3Spy7QuEkmKx8-3RCMhSYMzsXaEwDdXta9Mn5B7cCBoJKB0IgEnj_qfo1hIi-uEkUpOZ8aLTZGHfpl05j"
    "MwbKkTe2yK3mjF6SBAsgicQDVCkcY9BLluzx1RmC3ORXaM0JaHPB93YcdSDGgpgBWMVrNU1ErkjcMqMoT_wtCex3w03X"
    "dLkjXIuEr2hWgeP-nkUZTPU9EoGSPj6fAS-bSz87RCPrxZdj_iVyC6QWcqAu07WNhjzJEPc4jVntRJ6K53NgPQ5p99l3"
    "Z408OUqj4ioYezbS6vTPlQ.WuGzxmcreYjpHGJoa17EBg";

// RFC7520-5.5: ECDH-ES on P-256 with A128CBC-HS256
inline constexpr std::string_view kMeriadoc =
    R"({"kty":"EC","kid":"meriadoc.brandybuck@buckland.example","use":"enc","crv":"P-256",")"
    R"(x":"Ze2loSV3wrroKUN_4zhwGhCqo3Xhu1td4QjeQ5wIVR0","y":"HlLtdXARY_f55A3fnzQbPcm6hgr34M)"
    R"(p8p-nuzQCE0Zw","d":"r_kHyZ-a06rmxM3yESK84r1otSg-aQcVStkRhA-iCM8"})";

inline constexpr std::string_view kForMeriadoc =
    "eyJhbGciOiJFQ0RILUVTIiwia2lkIjoibWVyaWFkb2MuYnJhbmR5YnVja0BidWNrbGFuZC5leGFtcGxlIiwiZXBrIjp7"
    "Imt0eSI6IkVDIiwiY3J2IjoiUC0yNTYiLCJ4IjoibVBVS1RfYkFXR0hJaGcwVHBqanFWc1AxclhXUXVfdndWT0hIdE5r"
    "ZFlvQSIsInkiOiI4QlFBc0ltR2VBUzQ2ZnlXdzVNaFlmR1RUMElqQnBGdzJTUzM0RHY0SXJzIn0sImVuYyI6IkExMjhD"
    "QkMtSFMyNTYifQ..yc9N8v5sYyv3iGQT926IUg.BoDlwPnTypYq-ivjmQvAYJLb5Q6l-F3LIgQomlz87yW4OPKbWE1zS"
    "TEFjDfhU9IPIOSA9Bml4m7iDFwA-1ZXvHteLDtw4R1XRGMEsDIqAYtskTTmzmzNa-_q4F_evAPUmwlO-ZG45Mnq4uhM1"
    "fm_D9rBtWolqZSF3xGNNkpOMQKF1Cl8i8wjzRli7-IXgyirlKQsbhhqRzkv8IcY6aHl24j03C-AR2le1r7URUhArM79B"
    "Y8soZU0lzwI-sD5PZ3l4NDCCei9XkoIAfsXJWmySPoeRb2Ni5UZL4mYpvKDiwmyzGd65KqVw7MsFfI_K767G9C9Azp73"
    "gKZD0DyUn1mn0WW5LmyX_yJ-3AROq8p1WZBfG-ZyJ6195_JGG2m9Csg.WCCkNa-x4BeB9hIDIfFuhg";

inline constexpr std::string_view kFrodo =
    "You can trust us to stick with you through thick and thin\xe2\x80\x93to the bitter end. And "
    "you "
    "can trust us to keep any secret of yours\xe2\x80\x93"
    "closer than you keep it yourself. But you "
    "cannot trust us to let you face trouble alone, and go off without a word. We are your "
    "friends, "
    "Frodo.";

// RFC7520-6: PS256, the inner half of a nested token
inline constexpr std::string_view kHobbiton =
    R"({"kty":"RSA","kid":"hobbiton.example","use":"sig","n":"kNrPIBDXMU6fcyv5i-QHQAQ-K8gsC)"
    R"(3HJb7FYhYaw8hXbNJa-t8q0lDKwLZgQXYV-ffWxXJv5GGrlZE4GU52lfMEegTDzYTrRQ3tepgKFjMGg6Iy6f)"
    R"(kl1ZNsx2gEonsnlShfzA9GJwRTmtKPbk1s-hwx1IU5AT-AIelNqBgcF2vE5W25_SGGBoaROVdUYxqETDggM1)"
    R"(z5cKV4ZjDZ8-lh4oVB07bkac6LQdHpJUUySH_Er20DXx30Kyi97PciXKTS-QKXnmm8ivyRCmux22ZoPUind2)"
    R"(BKC5OiG4MwALhaL2Z2k8CsRdfy-7dg7z41Rp6D0ZeEvtaUp4bX4aKraL4rTfw","e":"AQAB"})";

inline constexpr std::string_view kSignedPs256 =
    "eyJhbGciOiJQUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJob2JiaXRvbi5leGFtcGxlIiwiZXhwIjoxMzAwODE5Mzg"
    "wLCJodHRwOi8vZXhhbXBsZS5jb20vaXNfcm9vdCI6dHJ1ZX0.dPpMqwRZxFYi1UfcDAaf8M99o7kwUWtiXZ-ByvVuJih"
    "4MhJ_aZqciprz0OWaIAkIvn1qskChirjKvY9ESZNUCP4JjvfyPS-nqjJxYoA5ztWOyFk2cZNIPXjcJXSQwXPO9tEe-v4"
    "VSqgD0aKHqPxYog4N6Cz1lKph1U1sYDSI67_bLL7elg_vkjfMp5_W5l5LuUYGMeh6hxQIaIUXf9EwV2JmvTMuZ-vBOWy"
    "0Sniy1EFo72CRTvmtrIf5AROo5MNliY3KtUxeP-SOmD-LEYwW9SlkohYzMVAZDDOrVbv7KVRHpeYNaK75KEQqdCEEkS_"
    "rskZS-Qtt_nlegTWh1mEYaA";

// RFC7516-A.1: RSA-OAEP with SHA-1, which is refused
inline constexpr std::string_view kRsaOaepSha1 =
    "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.OKOawDo13gRp2ojaHV7LFpZcgV7T6DVZKTyKOMTYUmKoT"
    "CVJRgckCL9kiMT03JGeipsEdY3mx_etLbbWSrFr05kLzcSr4qKAq7YN7e9jwQRb23nfa6c9d-StnImGyFDbSv04uVuxI"
    "p5Zms1gNxKKK2Da14B8S4rzVRltdYwam_lDp5XnZAYpQdb76FdIKLaVmqgfwX7XWRxv2322i-vDxRfqNzo_tETKzpVLz"
    "fiwQyeyPGLBIO56YJ7eObdv0je81860ppamavo35UgoRdbYaBcoh9QcfylQr66oc6vFWXRcZ_ZT2LawVCWTIy3brGPi6"
    "UklfCpIMfIjf7iGdXKHzg.48V1_ALb6US04U3b.5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4vpzs9tX_EF"
    "ShS8iB7j6jiSdiwkIr3ajwQzaBtQD_A.XFBoMYUZodetZdvTiFvSkQ";

// RFC7518-C: the two sides of an agreement
inline constexpr std::string_view kAlice =
    R"({"kty":"EC","crv":"P-256","x":"gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0","y":"SLW)"
    R"(_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps","d":"0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-M)"
    R"(ToTmIo"})";

inline constexpr std::string_view kBob =
    R"({"kty":"EC","crv":"P-256","x":"weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ","y":"e8l)"
    R"(nCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck","d":"VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6)"
    R"(BfUqdw"})";

// Made by the npm package jose 6, one of each for what no RFC has an example of.

// RSA-OAEP-256, A256GCM
inline constexpr std::string_view kRsaOaepKey =
    R"({"kty":"RSA","n":"wUpOJCmaIpfCCVq-wVKFvOcVqZ6WzhwsnIX6NIZvenjnJtswKfQZ6v9fTDSNEm3IW1)"
    R"(q4jgsaGV1XKU84nawXGa7ZxZQSs68FBX5hqEr_Or73nsgO_CRXbI0ANwHIt_kBnK6vWaDBCqRfHRav3sbVrA)"
    R"(7VPN8bIXpGPkerAPSvn-oqOUotwje0ceD1h0XVoXa1aolcReVDtJTP2xrICeGaz96yfuTjdAh82LSk6WSNOL)"
    R"(aWY6UnzY_NvdafbwaHgigzbzxhAnBbIymayns2KtYFSlniPFBcjUBXJPUL45zTcs-D-_sDvEZeDmqiCUURWo)"
    R"(pdrennD41996vm_Hhf4yXd6Q","e":"AQAB","d":"EqtszgcjK0t1e14TnfxsrMT0xZIK_qw_vlweAVgJWT)"
    R"(7nk8wY1DqOzNEfCS8rv5-ROkqyWAz4N8I5ZqTvYuJiBlHqWLBPWKHzdhcBk4Xv7mKO7Bwmf2H6vEJHxqhiVO)"
    R"(vFJTdFul5huveKtNZxxQ63SYPSwqsJlbOX6JDXUnOv6X4Dnl7fgCOjX3aohvCVKXnCPLFLTi6aFBYJXgagkF)"
    R"(ti5cT9IhwMbP4mguHmQXx4Gyfd-Hhk-Bq12mWyFj_YhRhsfwU_9PcH91bltjtEVVUb1iK7OGhV698HiF9Znk)"
    R"(A9sIqbQLKWm4I5Cej9VP8bCMSxXFFt_ok9iOEac9Ds1HwFcQ","p":"3yy0wG1uGROYc0lHOXwMGa6kslF8-)"
    R"(UqcQbBRmDHfBWfE_-LeSJYIsBAy7Fz3w4t_PDtktYILiS7KES0buz3DA3tyIHz-uEckt7MCBaPMykmN6JBKx)"
    R"(kONNN1zmfUgraddk5J9tqHhpyOlKsnJgk3y2KgjJbD4h_2xxq0LZrfdqdE","q":"3bhZb_BuaSak_7pxpEw)"
    R"(-V24fdLMAgyAnyGfNYlXv2-e1SQhpcVEfgtB3mtvkwkp-lGzGeOB8Zgo_RmudeRDuPW_PKqYcbG94Ky23k__)"
    R"(h_YRcSBUd9HfGVmCGAqCYXj1bXvY-GAjqFCUFbKchvKRaz8iKjPA6Ryco6zgFIPJtYJk","dp":"y9iU3PLX)"
    R"(TpZkeGElam9QyiCIFMxzv2yT3zhCvyZGVDSdbzD04g4Qr2iMavLb6EPBmu2RJm07Rjlznk66dsOKHeMismQZ)"
    R"(cY6iDhy2qxobk2Wt9g_eDMxk7TWdQrHxAEzQH1v98dRZPYZEdhnMMnYqbBTfzaygxe5G9HbY5CDrmhE","dq)"
    R"(":"VxvaZ5Q6jK1WHfKOO1KJG6h0S1EYXmv_tUiy9HN27Rq3qp3Xb2HD0407sGe8FGlYGdAymcL4nM5h1bTqB)"
    R"(WqVbyXCaqsgd6nDuJMZkNfzXbrm1psVTbrQ_Zamj9mwgzXv8_sioia-cHOrEekH5CleVEwhwwWOn-3Osbssq)"
    R"(KkWN-E","qi":"Q9qsVqL5_RvzDuhQ48zKHaFjzYwTkk0Pl0yKXz72mCB_7aAcz9Yx1qVVScNK0j5taUTZMX)"
    R"(ZKCTUZFnvuKL6_WDSC2afKiSFwNRUaPFCBUkkceJpWdS7Pyyh0U24eEm9mI31DeemMLxDI3qH-zHjINZ54WX)"
    R"(LBW34hNwXSkDUY7Gg"})";

inline constexpr std::string_view kRsaOaepToken =
    "eyJhbGciOiJSU0EtT0FFUC0yNTYiLCJlbmMiOiJBMjU2R0NNIiwiY3R5IjoiSldUIn0.LaHHxzgDtsc7LJm9gPbKfqWn"
    "RNQWfGcyctRwzDFpvSCjiMgY-PzOKgBdD4wt_S5k-tVikN9M3kfhT4UAIWd9MRD43UhdWJaYnboD0z0jm__lCH9E8b5c"
    "oy91kf_P4dTGG5dmS1PLeQotgb9GVlHH3UgePFM5X-MJ8IukGqMXH6bm3nkTTyDZ-rQhHTJJI0PlW9gqM9JzmwfJqYXU"
    "ELSQXUcGuhKlfvJryHgP6QGwNrD46rdc36Z-IwQ2qKyq4umMwEv4mPMByHciqlKyb-yWTYAe0fWmQmuda2HVgf65BKsT"
    "cgkMsTiulqWOSIB7Q93iLt3wqh4v7fEND57USP7cyA.39bU-BzBDswrtlMI.LzdwzLR1QOYFmVOmnsb3.whObpOSLZBV"
    "mJ7BtPgv-UQ";

// ECDH-ES+A256KW, A256CBC-HS512
inline constexpr std::string_view kP521Key =
    R"({"kty":"EC","x":"AExqJu74OyCzFzraTgW3nvqht2s_BL-_xUQCZXs-GsU5vZNTbnon4qTvE5GXz3Qjtt_)"
    R"(v1oid8TdMAfwZzhbVq4yq","y":"AfVxvV96fD3atuHF63jZxGtwqrZiWmi6ZO1NFILJmAj-mPfQGsoyNDew)"
    R"(WG77WaRIsPgk2yboI4FhYzmf2Sch7Zi-","crv":"P-521","d":"ATmA0tE-IU13Lsh-_fl6m7fV8UzFQsB)"
    R"(D4JvXWPFqINrMPl1FzhyoPx5RsshUJMjCfP8oWP288sdh4qEvJ4X9MIz-"})";

inline constexpr std::string_view kP521Token =
    "eyJhbGciOiJFQ0RILUVTK0EyNTZLVyIsImVuYyI6IkEyNTZDQkMtSFM1MTIiLCJjdHkiOiJKV1QiLCJlcGsiOnsieCI6"
    "IkFVZGVkZEI1cF90bFFEcXA4ZzB2dE95cW5IOWw3a2M3MTRNYlM0eURrT3NrZTJHVmFRNmw0cVBHbFljVzhXcFR5SU5V"
    "blNDVEdiRzRVRFVVZnZmSTViZHgiLCJjcnYiOiJQLTUyMSIsImt0eSI6IkVDIiwieSI6IkFhc1hNV2RfZE5udkd5VVpN"
    "ZDRWRVBDbjRRV1lnLTVDaVNLWHBxWlVWSV9ncVVKdGdfN0plV1RvamVyVW9vZTd4bDZPaENSOFF6eDR1aVVobU5DUmhG"
    "S1EifX0.di7nKhAyYD9i1fY6VencnF5Rv3CWyTsS-jK8Vg7mgc4fTfzQA_t6_BB6VJz7pjjS65zVLmg5OCiYNtS51ZUx"
    "jLV5glO_nw-X.ACmQa-gjp3XJbp-KSf-ysA.6dGJnbzj3h_GaLaro5HCcw.amPnTw8lGiZ80gv_2un36KUgiC6Mlrq0O"
    "k6nkBi4LHA";

// ECDH-ES+A192KW, A128CBC-HS256
inline constexpr std::string_view kX25519Key =
    R"({"crv":"X25519","d":"UDfy0U5VRqsEdhXsJFOAeg8m8_NRe5twdol-qUUfnU8","x":"amH5Vr75IYZ7D)"
    R"(DZePicl8VC_ULMsNbNT5bNqnfCR00g","kty":"OKP"})";

inline constexpr std::string_view kX25519Token =
    "eyJhbGciOiJFQ0RILUVTK0ExOTJLVyIsImVuYyI6IkExMjhDQkMtSFMyNTYiLCJjdHkiOiJKV1QiLCJlcGsiOnsieCI6"
    "IjNpcmF4eldMYkg3RmxjNzZLRTlobjhsaWlRTGJOTnhnc0ZhWjkwZXlTVWMiLCJjcnYiOiJYMjU1MTkiLCJrdHkiOiJP"
    "S1AifX0.vMqtX9JHeZ6raxy-j6jePYvo8aPY6dC0fAgBFIqL0UiM5KEIlwX6dg.2aGDMqlQIItTZZcq2ttfnA.SPfuLr"
    "UJfXBTQjrjWAn0Ow.oDi-01b3WISMo9yjcVRtsQ";

// ECDH-ES, A256GCM, apu "Alice", apv "Bob"
inline constexpr std::string_view kPartiesKey =
    R"({"kty":"EC","x":"aSIFbGA91Uqs2yfT35cXRcj0tp3hUd6hzLr9rvr8LR0","y":"2KMyJ1dZIJW75iSWd)"
    R"(3iZRSMIDE3HlgOD-wHAh7pGvu4","crv":"P-256","d":"JQN4YJN42rN33T1oyXEPtA-piWUESjf-Bunxr)"
    R"(2JEZFI"})";

inline constexpr std::string_view kPartiesToken =
    "eyJhbGciOiJFQ0RILUVTIiwiZW5jIjoiQTI1NkdDTSIsImN0eSI6IkpXVCIsImVwayI6eyJ4IjoiZXoxSUk3VzdscU1X"
    "dk43QTFrZVdHN2VPd0kzMTZBRkEtWXQ4VGE0cTlJRSIsImNydiI6IlAtMjU2Iiwia3R5IjoiRUMiLCJ5IjoienNOSFd4"
    "U1FORktmQVRCckhfZXdNcnZjTlJMazJUbGl6cFJYSmRHOXhvYyJ9LCJhcHUiOiJRV3hwWTJVIiwiYXB2IjoiUW05aSJ9"
    "..2h-s0kiOvAoPBGWB.Ttpz9PwBBaZ6dG8qv3I1.X8BnfyrvCBQ_eVttk8nRhw";

}  // namespace claviger::crypto::test
