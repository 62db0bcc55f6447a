// The emoji there are to pick, by group, each with the words people search by: emoji|English|Nepali.

export const SET = {
  faces: `
😀|grin smile happy face|हाँसो खुसी
😃|smile happy joy|मुस्कान खुसी
😄|laugh smile happy eyes|हाँसो रमाइलो
😁|beam grin teeth|दाँत हाँसो
😆|laughing haha squint|हाहा हाँसो
😅|sweat relief nervous|पसिना हाँसो
🤣|rofl rolling laugh|लडीबुडी हाँसो
😂|joy tears laugh|आँसु हाँसो
🙂|slight smile|मुस्कान
🙃|upside silly|उल्टो
😉|wink|आँखा झिम्काउनु
😊|blush smile shy|लाज मुस्कान
😇|angel innocent halo|निर्दोष देवदूत
🥰|adore love hearts|माया प्यारो
😍|love eyes heart|माया मन
🤩|star eyes wow|तारा वाह
😘|kiss love|म्वाइँ माया
😋|yum tasty delicious|मिठो स्वाद
😜|wink tongue joke|जिब्रो ठट्टा
🤗|hug embrace|अँगालो
🤭|giggle oops|मुखछोपाइ हाँसो
🤫|quiet shush secret|चुप गोप्य
🤔|think hmm wonder|सोच विचार
😐|neutral meh|सामान्य
😏|smirk|मुसुमुसु
🙄|eyeroll|आँखा घुमाउनु
😬|grimace awkward|अप्ठ्यारो
😌|relieved calm|शान्त ढुक्क
😔|pensive sad|उदास
😴|sleep tired zzz|निद्रा
😷|mask sick|मास्क बिरामी
🤒|fever ill thermometer|ज्वरो बिरामी
🥵|hot sweat|गर्मी
🥶|cold freeze|जाडो
🤯|mindblown shock|छक्क
🥳|party celebrate birthday|पार्टी जन्मदिन
😎|cool sunglasses|चश्मा मस्त
🤓|nerd study|पढन्ते
😕|confused unsure|अलमल
😟|worried|चिन्ता
😮|surprised wow open|अचम्म
😳|flushed embarrassed|लाज
🥺|pleading please|बिन्ती कृपया
😢|cry sad tear|रुनु दुःख
😭|sob cry loud|रुवाइ दुःख
😱|scream fear|डर चिच्याहट
😩|weary tired|थकाइ
😤|huff proud|रिस
😡|angry mad|रिस क्रोध
🤬|swear angry|गाली रिस
💀|skull dead|खप्पर
🤡|clown|जोकर
👻|ghost|भूत
🙈|monkey see shy|बाँदर नदेख्ने
`,
  hands: `
🙏|please thanks namaste pray|नमस्ते धन्यवाद कृपया
👍|yes thumbs up good ok|हुन्छ राम्रो ठीक
👎|no thumbs down bad|हुँदैन नराम्रो
👌|ok perfect|ठीक
👏|clap bravo|ताली स्याबास
🙌|hooray praise|जय खुसी
👋|wave hello bye|हात नमस्कार बिदा
🤝|deal handshake agree|सम्झौता हात
✌️|peace victory|शान्ति विजय
🤞|luck fingers crossed|भाग्य शुभ
🤙|call shaka|फोन
💪|strong muscle|बल शक्ति
☝️|one point up|एक माथि
👆|above point up|माथि
👇|below point down|तल
👈|left point|बायाँ
👉|right point|दायाँ
✊|fist power|मुट्ठी
👊|punch bump|मुक्का
✋|stop hand high five|रोक हात
✍️|write hand|लेख्नु
🤳|selfie phone|सेल्फी
👀|look eyes see|हेर आँखा
🧠|brain smart|दिमाग
👶|baby child|बच्चा
👦|boy|केटा
👧|girl|केटी
👨|man|मान्छे पुरुष
👩|woman|महिला
👴|grandfather old|हजुरबुबा
👵|grandmother old|हजुरआमा
👪|family|परिवार
🙋|question raise hand|प्रश्न हात
🤷|shrug dunno|थाहाछैन
🤦|facepalm|निधार
💃|dance|नाच
🚶|walk|हिँड्नु
🏃|run hurry|दौड
`,
  hearts: `
❤️|heart love red|मुटु माया
🧡|orange heart|सुन्तला मुटु
💛|yellow heart|पहेँलो मुटु
💚|green heart|हरियो मुटु
💙|blue heart|निलो मुटु
💜|purple heart|बैजनी मुटु
🖤|black heart|कालो मुटु
💔|broken heart|टुटेको मुटु
💕|hearts love two|माया मुटु
💯|hundred perfect|सय पूरा
✨|sparkles shine new|चमक
🔥|fire hot|आगो
💥|boom bang|पड्काइ
💫|dizzy star|चक्कर
💤|sleep zzz|निद्रा
✅|done check yes|भयो हुन्छ
❌|cross no wrong|हुँदैन गलत
❓|question what|प्रश्न के
❗|exclamation important|महत्त्वपूर्ण
⚠️|warning careful|सावधान
🚫|forbidden no|निषेध
➕|plus add|जोड
🆗|okay|ठीक
🆕|new|नयाँ
🕉️|om hindu|ॐ हिन्दू
☸️|dharma buddhist wheel|धर्म बौद्ध
`,
  nature: `
🐶|dog puppy|कुकुर
🐱|cat kitten|बिरालो
🐄|cow|गाई
🐃|buffalo|भैँसी राँगो
🐐|goat|बाख्रा खसी
🐔|chicken hen|कुखुरा
🐟|fish|माछा
🐘|elephant|हात्ती
🐅|tiger|बाघ
🐒|monkey|बाँदर
🦏|rhino|गैँडा
🐦|bird|चरा
🦋|butterfly|पुतली
🐝|bee|मौरी
🌳|tree pipal|रुख पिपल चौतारी
🌱|seedling plant|बिरुवा
🍀|clover luck|पात भाग्य
🌸|blossom flower|फूल
🌹|rose|गुलाफ
🌺|hibiscus flower rhododendron|फूल गुराँस
🌻|sunflower|सूर्यमुखी
🌼|marigold flower|सयपत्री फूल
☀️|sun sunny|घाम सूर्य
🌙|moon night|जून रात
⭐|star|तारा
☁️|cloud|बादल
🌧️|rain|पानी वर्षा
⛈️|storm thunder|हुरी चट्याङ
❄️|snow cold|हिउँ जाडो
🌈|rainbow|इन्द्रेणी
🌊|wave water|छाल पानी
🏔️|mountain himal everest|हिमाल पहाड
`,
  food: `
🍎|apple|स्याउ
🍌|banana|केरा
🥭|mango|आँप
🍊|orange|सुन्तला
🍇|grapes|अङ्गुर
🍉|watermelon|तरबुजा
🥥|coconut|नरिवल
🍅|tomato|गोलभेँडा
🥔|potato|आलु
🌶️|chilli spicy|खुर्सानी पिरो
🥕|carrot|गाजर
🥦|vegetable broccoli|तरकारी
🍞|bread|पाउरोटी
🥚|egg|अन्डा
🥟|momo dumpling|मोमो
🍛|curry rice dal bhat|दालभात भात तरकारी
🍚|rice|भात
🍜|noodles soup|चाउचाउ
🍕|pizza|पिज्जा
🍔|burger|बर्गर
🍗|chicken leg meat|मासु
🍦|icecream|आइसक्रिम
🎂|cake birthday|केक जन्मदिन
🍬|sweet candy|मिठाई
☕|tea coffee hot chiya|चिया कफी
🥛|milk|दूध
🍺|beer|बियर
🍷|wine|वाइन
🥂|cheers toast|चियर्स
`,
  places: `
🏠|house home|घर
🏢|building office|भवन कार्यालय
🏫|school|विद्यालय स्कुल
🏥|hospital|अस्पताल
🏦|bank|बैंक
🏪|shop store|पसल
🛕|temple|मन्दिर
📍|place location pin here|ठाउँ स्थान यहाँ
🗺️|map|नक्सा
🚗|car|गाडी कार
🚕|taxi|ट्याक्सी
🚌|bus|बस
🚚|truck delivery|ट्रक ढुवानी
🏍️|motorbike bike|मोटरसाइकल बाइक
🛵|scooter|स्कुटर
🚲|bicycle cycle|साइकल
✈️|plane flight travel|जहाज उडान
🚆|train|रेल
⛽|petrol fuel|पेट्रोल तेल
⚽|football|फुटबल
🏏|cricket|क्रिकेट
🏐|volleyball|भलिबल
🏆|trophy win|कप जित
🎉|congratulations party celebrate|बधाई पार्टी
🎊|confetti celebrate|उत्सव
🎈|balloon|बेलुन
🪁|kite|चङ्गा
🪔|lamp diyo tihar deepawali|दियो तिहार दीपावली
🎵|music song|गीत सङ्गीत
🎁|gift present|उपहार
🇳🇵|nepal flag|नेपाल झण्डा
`,
  things: `
📱|phone mobile|मोबाइल फोन
💻|laptop computer|कम्प्युटर ल्यापटप
🖥️|desktop computer screen|कम्प्युटर
📺|television tv|टिभी
📷|camera photo|क्यामेरा फोटो
🎧|headphones|हेडफोन
⌚|watch|घडी
🔋|battery|ब्याट्री
🔌|plug charger|चार्जर
💡|idea bulb light|विचार बत्ती
🔦|torch|टर्च
🔧|wrench repair fix|मर्मत
🔨|hammer tool|घन औजार
🔑|key|साँचो
🔒|lock|ताल्चा
🛋️|sofa couch furniture|सोफा
🪑|chair|कुर्सी
🛏️|bed|खाट ओछ्यान
👕|shirt clothes|लुगा सर्ट
👗|dress|फ्रक लुगा
👟|shoes|जुत्ता
🎒|bag backpack|झोला
💍|ring wedding|औँठी विवाह
📚|books|किताब
✏️|pencil|सिसाकलम
📄|document paper|कागज
📦|package box parcel|बाकस पार्सल
🛒|cart buy shopping|किनमेल किन्नु
💰|money price|पैसा मूल्य
💵|cash note|नगद नोट
💳|card pay|कार्ड भुक्तानी
🏷️|tag price label|मूल्य ट्याग
📞|call telephone|फोन
✉️|mail letter|चिठी
📅|calendar date|पात्रो मिति
⏰|alarm time clock|समय घडी
⏳|wait hourglass|पर्ख समय
📌|pin|पिन
🔍|search find|खोज
🗑️|delete bin|फोहोर
`,
} as const;
