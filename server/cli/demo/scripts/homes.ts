// What is said about a flat, and about what stands in one.
import type { Script } from "../script.ts";

export const HOMES: Script[] = [
  {
    people: ["anisha", "sita"],
    listing: "flat",
    unread: { sita: 1 },
    text: `
      14d 10:05
      anisha: Namaste didi, flat ajhai khali cha?
      sita: नमस्ते बहिनी, छ। कति जना बस्ने हो?
      anisha: Ma ra mero sathi, dui jana. Both working, no smoking 🙂
      sita: राम्रो। परिवार वा काम गर्ने बहिनीहरूलाई नै दिने विचार हो।
      anisha: Pani ko kasto cha didi? Ahile bhako thau ma hapta ma ek din matra aaucha 😩
      sita: बोरिङ छ, पानीको दुःख छैन। खाने पानी चाहिँ जारको किन्नुपर्छ।
      anisha: Bijuli ra internet?
      sita: बिजुलीको छुट्टै मिटर छ, युनिटको जति उठ्छ त्यति। इन्टरनेट वर्ल्डलिंक जोडिएको छ, महिनाको ६०० थप्नुहोला।
      anisha: Exact location bhanidinu na
      sita: नयाँ बानेश्वर, शंखमूल जाने बाटोमा, एभरेस्ट अस्पतालको पछाडि। मूल सडकबाट ४ मिनेट हिँड्नुपर्छ।
      13d 17:45
      anisha: Can we come and see today?
      sita: हुन्छ, ६ बजे घरमै हुन्छु। गेटमा कुकुर छ, नडराउनू, बाँधेको छ 😄
      anisha: Haha ok, we love dogs
      13d 20:10
      anisha: Didi we liked it, the kitchen is so bright ❤️
      sita: खुसी लाग्यो। अग्रिम दुई महिनाको दिनुपर्छ है।
      anisha: 24 alik badhi bhayo didi, 21 ma milaidinu na. Long term basne ho
      sita: २१ त हुँदैन बहिनी। दुई वर्ष बस्ने हो भने २२,५०० गरिदिन्छु।
      anisha: And one month advance?
      sita: 😅 ल, एक महिना अग्रिम, एक महिना धरौटी। धरौटी जाँदा फिर्ता।
      anisha: Thank you didi! Sathi sanga kura garera bholi bhanchu
      12d 12:30
      anisha: Sathi le ni ok bhanyo. When can we sign?
      sita: सम्झौताको कागज तयार गर्छु। नागरिकताको फोटोकपी ल्याउनुहोला।
      7d 11:00
      sita: बहिनी, रंग लगाउने काम सकियो। अर्को महिनाको १ गतेबाट सर्न मिल्छ।
      anisha: Perfect 🥳 Can we keep some boxes there a few days before?
      sita: मिल्छ, माथिको कोठा खाली नै छ।
      150m
      anisha: Didi, aaja saman lyauna mini truck aaucha, 4 baje tira. Gate kholidinu huncha?
    `,
  },
  {
    people: ["daniel", "sita"],
    listing: "flat",
    text: `
      10d 09:15
      daniel: Hello! Is the flat in New Baneshwor available for one person, from next month?
      sita: Hello sir. I am sorry, two girls are taking it, papers next week.
      daniel: Ah, too late then. Do you have another one, or know of one nearby?
      sita: My brother has one room and kitchen at Shankhamul. 15,000. Third floor, good sun.
      daniel: Sounds interesting! Is there hot water?
      sita: Yes, solar. In rainy days little cold 😊
      daniel: I grew up in Scotland, I'll survive
      sita: 😄 I ask him and write you.
      9d 19:50
      sita: Sir, brother says you can see tomorrow morning 8 o'clock.
      daniel: धन्यवाद! 8 is fine. Where do I go?
      sita: Come to Shankhamul park gate, he will come to take you. His name is Ramesh.
      8d 10:20
      daniel: Saw it, it's lovely, but the stairs are very steep for my knee. I'll have to say no. Please thank Ramesh ji for the tea!
      sita: No problem. Your Nepali is nice. Good luck 🙏
    `,
  },
  {
    people: ["anisha", "emma"],
    listing: "sofa",
    archivedBy: ["anisha"],
    text: `
      20d 15:30
      anisha: Hi Emma! Is the sofa still for sale?
      emma: Hi! Yes it is. We fly home at the end of the month, so it has to go.
      anisha: How old is it, and does it come apart? Our stairs are narrow
      emma: Two years old, bought at Index in Kupondole. The L comes off with four bolts, then it's 190 and 150 cm.
      anisha: Any pets or smoke?
      emma: No smoke. One cat, but she preferred the curtains 😹 There's a small pull on the back, I added a photo.
      anisha: I can do 24,000 and pick it up myself
      emma: Could you do 26? A new one is 62 now
      anisha: 25 and I bring you momo for the flight 🥟
      emma: Ha! Sold. 25 and momo.
      19d 18:00
      emma: When would you like to come? We're in Sanepa, near the Red Cross.
      anisha: Saturday morning? I found a guy with a small truck, he takes 2,500
      emma: Saturday after 10 is perfect. Third floor, no lift, bring strong people!
      anisha: I am bringing three cousins 💪
      17d 13:15
      anisha: It fits!! The cousins are lying on it already
      emma: So happy it has a good home. And the momo were the best we've had in Nepal.
      anisha: Safe travels, and come back ❤️
      emma: We will. Dhanyabad!
    `,
  },
  {
    people: ["anisha", "kamala"],
    listing: "fridge",
    text: `
      8d 14:00
      anisha: Namaste, fridge kati barsa purano ho?
      kamala: नमस्ते। तीन वर्ष भयो। डेरा सर्ने भएर बेच्न लागेको हो।
      anisha: Chiso ramro huncha? Bijuli kati khancha?
      kamala: एकदम राम्रो चल्छ। इन्भर्टर हो, महिनाको २५-३० युनिट जति।
      anisha: Any repair done?
      kamala: एकपटक ढोकाको रबर फेरेको, कम्प्रेसर छोएको छैन। कम्प्रेसरको १० वर्षे वारेन्टी छ, कार्ड पनि छ।
      anisha: Oh nice, warranty mero naam ma sarcha?
      kamala: बिल भए पुग्छ रे, मैले एलजी सर्भिसमा सोधेकी थिएँ।
      anisha: 27 ma dinu huncha?
      kamala: ३० मा लैजानू न, ढुवानी म मिलाइदिन्छु।
      anisha: 28,500 including transport?
      kamala: ल ठिकै छ बहिनी, २९ मा टुंगो लगाऔं।
      anisha: Ok 29 🤝
      2d 19:15
      kamala: कहिले लैजाने? सोमबारसम्म कोठा खाली गर्नुछ।
      anisha: Flat ko sambhauta bhayo, bholi beluka launa milcha?
      kamala: मिल्छ, म घरमै छु। कोटेश्वर, बालकुमारी पुलनेर।
      1d 11:20
      anisha: Aaja 6 baje aauchu, ek jana dai sanga
      kamala: हुन्छ। फ्रिज बिहानै बन्द गरेर सफा गरिसकें ✨
    `,
  },
  {
    people: ["emma", "kamala"],
    listing: "fridge",
    text: `
      17d 16:40
      emma: Namaste Kamala ji, is the fridge 220 V with a normal plug? My friend is moving into our old flat and needs one.
      kamala: Namaste. Yes normal plug. Plug adapter not needed.
      emma: How tall is it? The kitchen shelf is at 160 cm
      kamala: ओहो, एक छिन है, नापेर भन्छु
      kamala: 153 cm high, 58 cm wide.
      emma: Perfect, it fits! I'll tell her, she will write to you herself.
      kamala: ठीक छ, धन्यवाद 🙏
      14d 19:05
      emma: Sorry, she was given one by her office. Thank you anyway!
      kamala: No problem didi 🙂
    `,
  },
];
