// The minutes' one button: print.
document.getElementById('print').onclick = () => window.print();
