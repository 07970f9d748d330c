# العربية. Keys are grouped by section; the same keys stand in every language.
# Errors stand beside a field or above the form: they say what to do.

## Errors beside a field

error-name-missing = يرجى كتابة اسمك.
error-name-too-long = يرجى كتابة اسم أقصر: ١٢٠ حرفًا على الأكثر.
error-name-forbidden = يحتوي هذا الاسم على رموز غير مرئية. يرجى كتابته من جديد.
error-name-url = يرجى كتابة الاسم فقط، من دون عنوان موقع.
error-email-missing = يرجى كتابة بريدك الإلكتروني.
error-email-invalid = يرجى كتابة عنوان مثل name@example.org.
error-email-too-long = هذا العنوان طويل جدًا. يرجى التحقق منه أو استخدام عنوان آخر.
error-country-missing = يرجى اختيار البلد الذي تعيش فيه.
error-country-unknown = يرجى اختيار بلد من القائمة.
error-locale-invalid = هذه اللغة غير معروفة لدينا. يرجى اختيار لغة من القائمة.
error-message-too-long = يرجى تقصير الرسالة: ٥٠٠ حرف على الأكثر.
error-message-forbidden = تحتوي هذه الرسالة على رموز غير مرئية. يرجى كتابتها من جديد.
error-field-not-asked = هذه الحملة لا تطلب هذه المعلومة. يرجى ترك الخانة فارغة.
error-field-too-long = هذا أطول من اللازم. يرجى تقصيره.
error-field-invalid = هذه القيمة لا تبدو صحيحة. يرجى التحقق منها.
error-field-unknown = هذه الخانة غير موجودة. يرجى إعادة تحميل الصفحة.
error-field-missing = يرجى ملء هذه الخانة.

## Errors of the whole form

error-invalid-input = بعض الخانات تحتاج إلى مراجعة.
error-malformed-json = لم يصلنا تعهدك كاملًا. يرجى إرساله من جديد.
error-unsupported-media-type = لم نتمكن من قراءة ما أُرسل. يرجى إعادة تحميل الصفحة.
error-body-too-large = هذا أكثر مما يمكننا استقباله. يرجى تقصير الرسالة.
error-idempotency-key-invalid = حدث خطأ أثناء الإرسال. يرجى إعادة تحميل الصفحة.
error-idempotency-key-reused = سبق إرسال هذه الاستمارة بمحتوى آخر. يرجى إعادة تحميل الصفحة قبل تعديلها.
error-idempotency-in-flight = تعهدك في الطريق. يرجى الانتظار لحظة.
error-campaign-not-found = هذه الحملة غير موجودة. يرجى التحقق من عنوان الصفحة.
error-campaign-not-open = لم تُفتح هذه الحملة بعد. نرجو أن تعود قريبًا.
error-campaign-closed = انتهت هذه الحملة. شكرًا لرغبتك في المشاركة.
error-slug-taken = توجد حملة بهذا الاسم. اختر اسمًا آخر.
error-changed-meanwhile = غيّر شخص آخر هذا في هذه الأثناء. أعد التحميل ثم حاول من جديد.
error-origin-not-allowed = لا يمكن لهذا الموقع جمع التعهدات لهذه الحملة. يرجى التوقيع في صفحة الحملة نفسها.
error-rendered-invalid = هذه الصفحة مفتوحة منذ وقت طويل. يرجى إعادة تحميلها.
error-rate-limited = تصلنا تعهدات كثيرة من شبكتك الآن. يرجى المحاولة مجددًا بعد بضع دقائق.
error-too-many-streams = هناك زوار كثيرون الآن. يُحدَّث العدد على فترات أطول.
error-webhook-url-refused = أدخل عنوانًا يبدأ بـ https:// ويؤدي إلى خادم عام.
error-webhook-event-unknown = لا يوجد حدث بهذا الاسم. الأحداث هي pledge.signed وpledge.confirmed وpledge.withdrawn وgoal.reached.
error-too-many-webhooks = للحملة الواحدة 20 خطافًا (webhook) على الأكثر.
error-busy = يوقّع عدد كبير جدًا من الناس الآن. يرجى المحاولة مجددًا بعد لحظات.
error-unavailable = لا يمكننا حفظ التعهدات الآن. ما كتبته محفوظ: يرجى المحاولة مجددًا بعد لحظات.
error-unauthorized = يرجى تسجيل الدخول لعرض هذا.
error-forbidden = دورك لا يسمح بهذا. يمكن لمالك المؤسسة تغييره في Team.
error-state-conflict = هذا غير ممكن في الحالة الحالية.
error-sign-in-failed = العنوان وكلمة المرور لا يتطابقان. يرجى المحاولة مجددًا.
error-sign-in-again = يتطلب هذا تسجيل دخول خلال آخر عشر دقائق. يرجى تسجيل الخروج ثم الدخول والمحاولة مجددًا.
error-csrf-refused = لم يُرسل هذا من صفحتنا. يرجى إعادة تحميل الصفحة.
error-password-too-short = يرجى استخدام 12 حرفًا على الأقل. بضع كلمات تصنع كلمة مرور جيدة.
error-password-too-long = يرجى استخدام 256 حرفًا على الأكثر.
error-password-common = كلمة المرور هذه من أول ما يُجرَّب. يرجى اختيار غيرها.
error-password-wrong = ليست هذه كلمة مرورك الحالية.
error-passkey-refused = لا يمكن استخدام مفتاح المرور هذا هنا. يرجى تجربة طريقة أخرى.
error-passkeys-impossible = تحتاج مفاتيح المرور إلى اسم مضيف وإلى https.
error-last-owner = يجب أن يبقى مالك واحد على الأقل. يرجى تعيين مالك آخر أولًا.
error-last-way-in = هذه آخر طريقة لدخولك. يرجى تعيين كلمة مرور أو إضافة مفتاح آخر أولًا.
error-already-member = هذا العنوان ضمن الفريق بالفعل. لطريقة دخول جديدة استخدم الزر بجانب العضو.
error-name-taken = هذا الاسم مستخدم بالفعل. يرجى اختيار غيره.
error-not-found = لا يوجد شيء هنا. يرجى التحقق من العنوان.
error-method-not-allowed = لا يتيح هذا العنوان هذه العملية.
error-bad-request = لم نتمكن من فهم هذا الطلب. يرجى إعادة تحميل الصفحة.
error-timeout = استغرق الإرسال وقتًا طويلًا. يرجى التحقق من اتصالك والمحاولة مجددًا.
error-internal = حدث خطأ من جانبنا. يرجى المحاولة مجددًا بعد لحظات.

## The widget: the number

counter-of = من { $goal } تعهّد
counter-pledges = { $total ->
    [zero] تعهّد
    [one] تعهّد
    [two] تعهّدان
    [few] تعهّدات
    [many] تعهّدًا
   *[other] تعهّد
}
counter-bar = الطريق إلى الهدف
counter-pause = أوقف حركة العدد
counter-resume = أعد حركة العدد
counter-spoken = { $total ->
    [zero] لا تعهّدات بعد
    [one] تعهّد واحد
    [two] تعهّدان
    [few] { $total } تعهّدات
    [many] { $total } تعهّدًا
   *[other] { $total } تعهّد
}
countries-title = أكثر البلدان توقيعًا

## The widget: how fresh the number is

status-first = كن من أوائل الموقّعين.
status-countries = { $count ->
    [zero] لا بلدان بعد
    [one] من بلد واحد حتى الآن
    [two] من بلدين حتى الآن
    [few] من { $count } بلدان حتى الآن
    [many] من { $count } بلدًا حتى الآن
   *[other] من { $count } بلد حتى الآن
}
status-live = مباشر · وقّع شخص من { $country } الآن
status-paused = متوقّف مؤقتًا
status-lost = نعيد الاتصال ·
status-offline = أنت غير متصل ·
age-seconds = آخر تحديث قبل { $count } ث
age-minutes = آخر تحديث قبل { $count } د
status-removed = حُذفت بعض التوقيعات.
status-recount = أُعيد العدّ وصُحّح العدد.
status-closed = انتهت الحملة
status-not-open = لم تُفتح بعد

## The big screen

screen-join = وقّع بهاتفك
screen-latest = الآن
screen-full = ملء الشاشة
screen-leave = إنهاء ملء الشاشة

## The widget: the form

field-name = اسمك
field-email = البريد الإلكتروني
field-email-hint = لنحتسبك مرة واحدة. لا يُعرض أبدًا.
field-country = البلد
field-country-choose = اختر…
field-message = لماذا توقّع (اختياري)
field-message-hint = ٥٠٠ حرف على الأكثر.
field-public-name = اعرض اسمي علنًا
field-updates = أخبروني حين تتاح فرصة للعمل (نحو مرتين في الشهر)
did-you-mean = هل تقصد { $email }؟
sending = جارٍ الإرسال…
notice-offline = أنت غير متصل. ما كتبته محفوظ وسيُرسل عند عودة الشبكة.
notice-retrying = الأمر يستغرق أطول من المعتاد. تعهّدك محفوظ؛ المحاولة التالية بعد { $count } ث.
notice-limited = كثيرون يوقّعون من شبكتك. يمكنك المحاولة ثانيةً بعد { $count ->
    [zero] لحظة
    [one] ثانية واحدة
    [two] ثانيتين
    [few] { $count } ثوانٍ
    [many] { $count } ثانية
   *[other] { $count } ثانية
}.
notice-limited-minutes = كثيرون يوقّعون من شبكتك. يمكنك المحاولة ثانيةً بعد { $count ->
    [zero] لحظة
    [one] دقيقة واحدة
    [two] دقيقتين
    [few] { $count } دقائق
    [many] { $count } دقيقة
   *[other] { $count } دقيقة
}.

## The widget: what happens to the data

privacy-title = ماذا يحدث لبياناتي
privacy-kept = تُحذف بياناتك بعد انتهاء الحملة بـ{ $days ->
    [zero] أقل من يوم
    [one] يوم واحد
    [two] يومين
    [few] { $days } أيام
    [many] { $days } يومًا
   *[other] { $days } يوم
}. ويبقى العدد.
privacy-kept-signing = تُحذف بياناتك بعد توقيعك بـ{ $days ->
    [zero] أقل من يوم
    [one] يوم واحد
    [two] يومين
    [few] { $days } أيام
    [many] { $days } يومًا
   *[other] { $days } يوم
}. ويبقى العدد.
privacy-views = نَعُدّ مرات مشاهدة هذه الصفحة ومشاركتها وبدء التوقيع فيها دون ملفات تعريف الارتباط ودون عناوين ودون أي معرّفات.
privacy-policy = السياسة كاملةً

## The widget: after signing

signed-thanks = شكرًا لك، { $name }.
signed-number = رقمك هو { $number }.
signed-receipt = إيصالك: { $code }
signed-again = شخص آخر يوقّع هنا
share-title = ادعُ شخصًا آخر
share-share = مشاركة
share-copy = نسخ الرابط
share-copied = نُسخ
share-mail = بريد إلكتروني

## The widget: before and after

not-open-title = لم تُفتح هذه الحملة بعد.
opens-at = تُفتح في { $date }.
closed-title = انتهت هذه الحملة. شكرًا لكل من وقّع.
closed-at = أُغلقت في { $date }.
language = اللغة:
month-01 = يناير
month-02 = فبراير
month-03 = مارس
month-04 = أبريل
month-05 = مايو
month-06 = يونيو
month-07 = يوليو
month-08 = أغسطس
month-09 = سبتمبر
month-10 = أكتوبر
month-11 = نوفمبر
month-12 = ديسمبر
