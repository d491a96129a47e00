(() => {
  const root = document.documentElement;
  const choices = document.querySelectorAll('input[name="language"]');
  const apply = () => {
    for (const choice of choices) if (choice.checked) root.lang = choice.value;
  };
  if (navigator.language.toLowerCase().startsWith("ko")) {
    document.getElementById("language-ko").checked = true;
  }
  for (const choice of choices) choice.addEventListener("change", apply);
  apply();
})();
