# Français. Courriels à celles et ceux qui signent, et pages auxquelles leurs liens mènent.

## The e-mail that asks

confirm-subject = Merci de confirmer : { $title }
confirm-why = Quelqu’un, vous sans doute, a donné cette adresse pour signer « { $title } » :
confirm-act = Si c’était vous, merci de le confirmer. La signature ne compte qu’ensuite.
confirm-button = Confirmer ma signature
confirm-ignore = Si ce n’était pas vous, ne faites rien. Vous n’êtes pas compté, et ce qui a été donné est supprimé { $days ->
    [one] après un jour
   *[other] après { $days } jours
}.

## The e-mail to those who have signed

known-subject = Vous avez déjà signé : { $title }
known-why = Quelqu’un, vous sans doute, a donné cette adresse une nouvelle fois pour signer « { $title } ». Vous avez déjà signé, et chacun compte une fois.
known-act = Vous voyez ici ce que vous avez signé. Vous pouvez le corriger ou le retirer.
known-button = Voir ma signature
known-ignore = Si ce n’était pas vous, il n’y a rien à faire. Personne n’a appris que vous avez signé.

## Below every e-mail

mail-link = Si le bouton ne fonctionne pas, ouvrez cette adresse :
mail-from = Ce courriel vient de { $controller }, parce que cette adresse a été saisie dans un formulaire. Questions : { $contact }

## In the widget

check-email = Nous vous avons envoyé un courriel. Votre signature compte dès que vous appuyez sur le bouton auquel il mène. Rien reçu ? Regardez dans les indésirables, ou signez encore une fois plus tard.
check-privacy = Nous envoyons un courriel à votre adresse pour la confirmer. Ce qui n’est pas confirmé est supprimé { $days ->
    [one] après un jour
   *[other] après { $days } jours
}.

## The page that confirms

asks-title = Encore un pas
asks-as = Vous signez en tant que { $name }, { $country }.
asks-message = Votre message : { $message }
asks-public = Votre nom est affiché publiquement.
asks-private = Votre nom n’est pas affiché publiquement.
asks-updates = Vous voulez être prévenu quand il y a une façon d’agir.
asks-not-you = Ce n’est pas ce que vous vouliez ? Fermez cette page : rien ne compte alors, et tout est supprimé.
asks-changed = Cela vient d’être modifié. Merci de regarder encore une fois avant de confirmer.
asks-manage = Corriger ou effacer
confirmed-title = Merci, { $name }.
confirmed-number = Votre signature compte. Vous êtes le numéro { $number }.
confirmed-again = Votre signature compte.
confirmed-manage = Voir, corriger ou retirer ma signature
confirmed-campaign = Vers la campagne
over-title = Cette campagne est terminée.
over-text = Votre signature ne peut plus être confirmée. Ce que vous avez donné est supprimé dans les délais prévus.
gone-title = Ce lien ne fonctionne pas.
gone-text = Il est peut-être trop ancien, incomplet, ou celui d’une signature retirée ou effacée. Tant que la campagne est ouverte, vous pouvez signer de nouveau sur sa page ; vous recevrez alors un nouveau lien.

## The page of one's own signature

manage-title = Votre signature
manage-counted = Elle compte. Signée le { $date }.
manage-waiting = Elle ne compte pas encore : ouvrez le lien du courriel qui vous demande de confirmer.
manage-withdrawn = Vous l’avez retirée. Elle ne compte pas.
manage-removed = L’organisation l’a retirée du compte. Questions : { $contact }
manage-what = Ce que nous avons de vous
manage-name = Nom
manage-email = E-mail
manage-country = Pays
manage-message = Message
manage-public = Afficher mon nom publiquement
manage-updates = Me prévenir quand il y a une façon d’agir
manage-save = Enregistrer
manage-saved = C’est enregistré.
manage-withdraw-title = Retirer ma signature
manage-withdraw-text = Le compte baisse d’un. Ce que vous avez donné reste jusqu’à sa suppression avec celui de tous. Vous pouvez signer de nouveau.
manage-withdraw-button = Retirer
manage-erase-title = Tout effacer
manage-erase-text = Signature, nom, adresse et message sont supprimés aussitôt. Si elle compte, le compte baisse d’un. C’est définitif.
manage-erase-sure = Oui, tout effacer
manage-erase-button = Effacer
manage-erase-unsure = Cochez la case pour dire que vous en êtes sûr.
manage-kept = Vos données sont de toute façon supprimées à temps : { $days ->
    [one] un jour
   *[other] { $days } jours
} après la fin de la campagne, ou après votre signature si elle n’a pas de fin.
manage-kept-waiting = Ce qui n’est pas confirmé est supprimé { $days ->
    [one] après un jour
   *[other] après { $days } jours
}.
erased-title = Tout est effacé.
erased-text = Nous n’avons plus rien de vous. Ce lien ne fonctionne plus.
